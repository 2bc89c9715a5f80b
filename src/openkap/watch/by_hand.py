"""What was charted by hand in a session, as the room lists it: with who, when, and what was an error."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from openkap.kernel.quantity import plain
from openkap.kernel.wording import translated
from openkap.watch import facts
from openkap.watch.codes import DBP, SBP
from openkap.watch.models import EnteredInError, Session, Vital
from openkap.watch.readings import NAMES

Kind = EnteredInError.Kind
KINDS_OF_THE_TIME_OUT = (
    (Kind.SECOND_CHECK, "second_checks", _("Independent check")),
    (Kind.PROMISE, "promises", _("Promise not to drive")),
    (Kind.MEDICINES, "medicines_reviews", _("Medicines gone through")),
)


@dataclass(frozen=True, slots=True)
class HandEntry:
    """One thing somebody charted. `error` says why it was called one; it is shown struck through."""

    kind: str
    id: uuid.UUID
    at: datetime
    text: str
    by_name: str
    error: str = ""
    error_by: str = ""


def entries_of(session: Session) -> list[HandEntry]:
    """Everything charted by hand, newest first."""
    errors = {(row.kind, row.entry_id): row for row in facts.errors(session)}
    listed = [*_values(session), *_noted(session), *_of_the_time_out(session)]
    entries = []
    for entry in listed:
        error = errors.get((entry.kind, entry.id))
        if error is not None:
            entry = HandEntry(
                entry.kind, entry.id, entry.at, entry.text, entry.by_name, error.why, error.by_name
            )
        entries.append(entry)
    return sorted(entries, key=lambda one: one.at, reverse=True)


def _values(session: Session) -> list[HandEntry]:
    rows = list(Vital.objects.filter(session=session, source="hand").order_by("measured_at", "id"))
    lower = {(row.measured_at, row.by_id): row for row in rows if row.code == DBP}
    entries = []
    for row in rows:
        if row.code == DBP and any(
            one.code == SBP and (one.measured_at, one.by_id) == (row.measured_at, row.by_id) for one in rows
        ):
            continue
        partner = lower.get((row.measured_at, row.by_id)) if row.code == SBP else None
        value = f"{plain(row.value)}/{plain(partner.value)}" if partner else plain(row.value)
        name = _("Blood pressure") if partner else translated(NAMES.get(row.code, row.code))
        entries.append(HandEntry(Kind.VALUE, row.id, row.measured_at, f"{name} {value}", row.by_name))
    return entries


def _noted(session: Session) -> list[HandEntry]:
    events, remarks = facts.noted(session), facts.remarks(session)
    return [
        *(HandEntry(Kind.ADVERSE_EVENT, it.id, it.noticed_at, str(it), it.by_name) for it in events),
        *(HandEntry(Kind.REMARK, it.id, it.noticed_at, it.text, it.by_name) for it in remarks),
    ]


def _of_the_time_out(session: Session) -> list[HandEntry]:
    return [
        HandEntry(kind, row.id, row.at, str(words), row.by_name)
        for kind, name, words in KINDS_OF_THE_TIME_OUT
        for row in getattr(session, name).all()
    ]
