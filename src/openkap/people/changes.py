"""Facts that count for what comes next of a person: writing one leaves a mark, in the same transaction.

What comes next is kept beside the facts (`courses.models.NextStep`) so that a list of five hundred people is
one question. Which act moves it is not left to the acts to remember: the database marks the person whenever
a row of a marked table is written, and whoever shows what comes next works it out anew for those marked. A
mark is a row of its own, never a lock on another, so no act waits for a reader.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pgtrigger
from django.db import models

M = TypeVar("M", bound=type[models.Model])
NAME = "counts_for_next_step"
PATIENT, ITSELF = "changed.patient_id", "changed.id"
# One mark a transaction and person is enough; a mark of another transaction may be gone when this commits.
_MARK = """
INSERT INTO people_personchange (id, clinic_id, person_id, transaction)
SELECT gen_random_uuid(), changed.clinic_id, whose.person_id, pg_current_xact_id()::text::bigint
FROM (SELECT {person} AS person_id) whose
WHERE whose.person_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM people_personchange m WHERE m.clinic_id = changed.clinic_id
    AND m.person_id = whose.person_id AND m.transaction = pg_current_xact_id()::text::bigint
);
"""
_MARK_BOTH = """
IF TG_OP <> 'DELETE' THEN
    changed := NEW;
    {mark}
END IF;
IF TG_OP <> 'INSERT' THEN
    changed := OLD;
    {mark}
END IF;
RETURN NULL;
"""
_THROUGH = "(SELECT t.{column} FROM {table} t WHERE t.clinic_id = changed.clinic_id AND t.id = {key})"


def through(table: str, key: str, *, column: str = "patient_id") -> str:
    """The person named by another row: `through("chart_entry", "changed.entry_id")`."""
    return _THROUGH.format(column=column, table=table, key=key)


def counts_for_next_step(*, of: str = PATIENT) -> Callable[[M], M]:
    """Mark the person (`of`, read from the row `changed`) whenever a row of this table is written."""

    def wrap(cls: M) -> M:
        mark = _MARK.format(person=of)
        marked: M = pgtrigger.register(
            pgtrigger.Trigger(
                name=NAME,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("changed", "RECORD")],
                func=pgtrigger.Func(_MARK_BOTH.format(mark=mark)),  # type: ignore[no-untyped-call]
            )
        )(cls)
        return marked

    return wrap
