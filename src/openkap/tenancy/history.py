"""Row history: what a mutable row said before, kept by the database itself.

Rows that change (a name, a phone number, a course's plan) leave every older version in
a history table of their own, under the same policy. Facts that never change need none:
they are `append_only`, and the database refuses to edit or delete them.

A row about a person stays with that person: the database refuses every other, but for a merge of two records
that two people have agreed on, and for its undoing (`people/merge_guards.py` says when).
"""

from __future__ import annotations

from typing import TypeVar

import pghistory
import pgtrigger
from django.apps import apps
from django.db import models
from pghistory.models import Event

M = TypeVar("M", bound=type[models.Model])


_NOT_MERGED_AWAY = """
IF TG_OP = 'INSERT' THEN
    IF NEW.patient_id IS NOT NULL AND people_is_merged_away(NEW.patient_id) THEN
        RAISE EXCEPTION 'This record was merged into another; nothing new is written to it.';
    END IF;
    RETURN NEW;
END IF;
"""
_STAYS = """
IF NEW.patient_id IS NOT DISTINCT FROM OLD.patient_id
   OR people_may_move(OLD.patient_id, NEW.patient_id) THEN
    RETURN NEW;
END IF;
RAISE EXCEPTION 'A row of % stays with its person.', TG_TABLE_NAME;
"""
_ONLY_THE_PERSON_CHANGES = """
IF TG_OP = 'UPDATE' AND people_may_move(OLD.patient_id, NEW.patient_id) THEN
    was := OLD;
    was.patient_id := NEW.patient_id;
    IF was::text = NEW::text THEN
        RETURN NEW;
    END IF;
END IF;
RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
"""


def _is_about_a_person(cls: type[models.Model]) -> bool:
    return any(field.name == "patient" for field in cls._meta.local_fields)


def _stays_with_its_person(cls: M) -> M:
    known: M = pgtrigger.register(
        pgtrigger.Trigger(
            name="stays_with_its_person",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=pgtrigger.Func(_NOT_MERGED_AWAY + _STAYS),  # type: ignore[no-untyped-call]
        )
    )(cls)
    return known


def tracked(cls: M) -> M:
    """Keep the older versions of this table's rows. Who and why stand in the audit record."""
    if _is_about_a_person(cls):
        cls = _stays_with_its_person(cls)
    known: M = pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        context_field=None,  # type: ignore[arg-type]
        context_id_field=None,  # type: ignore[arg-type]
        obj_field=pghistory.ObjForeignKey(
            db_constraint=False, on_delete=models.DO_NOTHING, related_name="history"
        ),
    )(cls)
    return known


def append_only(cls: M) -> M:
    """Let the database refuse every UPDATE and DELETE: a correction is a new fact (hazard H39)."""
    changed = pgtrigger.Update | pgtrigger.Delete
    if not _is_about_a_person(cls):
        known: M = pgtrigger.register(pgtrigger.Protect(name="append_only", operation=changed))(cls)
        return known
    only = pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=changed,
        declare=[("was", "RECORD")],
        func=pgtrigger.Func(_ONLY_THE_PERSON_CHANGES),  # type: ignore[no-untyped-call]
    )
    new = pgtrigger.Trigger(
        name="not_merged_away",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=pgtrigger.Func(_NOT_MERGED_AWAY),  # type: ignore[no-untyped-call]
    )
    kept: M = pgtrigger.register(only, new)(cls)
    return kept


def on_deletion(name: str, steps: str) -> pgtrigger.Trigger:
    """Look at what a statement has deleted (`gone`), all of it at once, before it counts."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="gone"),  # type: ignore[no-untyped-call]
        func=steps,
    )


def tables() -> list[str]:
    """The tables that keep what rows said before."""
    return sorted(it._meta.db_table for it in apps.get_models() if issubclass(it, Event))
