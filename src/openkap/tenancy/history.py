"""Row history: what a mutable row said before, kept by the database itself.

Rows that change (a name, a phone number, a course's plan) leave every older version in
a history table of their own, behind the same wall. Facts that never change need none:
they are `append_only`, and the database refuses to edit or delete them.
"""

from __future__ import annotations

from typing import TypeVar

import pghistory
import pgtrigger
from django.apps import apps
from django.db import models
from pghistory.models import Event

M = TypeVar("M", bound=type[models.Model])


def tracked(cls: M) -> M:
    """Keep the older versions of this table's rows. Who and why stand in the audit record."""
    return pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        context_field=None,  # type: ignore[arg-type]
        context_id_field=None,  # type: ignore[arg-type]
        obj_field=pghistory.ObjForeignKey(
            db_constraint=False, on_delete=models.DO_NOTHING, related_name="history"
        ),
    )(cls)


def append_only(cls: M) -> M:
    """Let the database refuse every UPDATE and DELETE: a correction is a new fact (hazard H39)."""
    return pgtrigger.register(
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
    )(cls)


def tables() -> list[str]:
    """The tables that keep what rows said before."""
    return sorted(it._meta.db_table for it in apps.get_models() if issubclass(it, Event))
