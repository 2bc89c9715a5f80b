"""Which openings of a record ask for a look: the few that curiosity explains as well as care does. Pure.

Nothing here is an accusation, and most have a good reason. The signs are those a privacy officer looks for:
the same family name or address, somebody who works here too, an hour at which nobody works.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from openkap.kernel.wording import sentence as _
from openkap.people.rules import folded


class Sign(StrEnum):
    """Why an opening asks for a look."""

    SAME_NAME = _("the same family name")
    SAME_ADDRESS = _("the same e-mail address")
    COLLEAGUE = _("the person works here too")
    OUTSIDE_HOURS = _("outside the opening hours, not on call, no session open")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who works here, as far as the signs need it."""

    name: str
    role: str
    email: str
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class PersonRead:
    """A patient, as far as the signs need it."""

    mrn: str
    name: str
    family_name: str
    email: str
    user_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class RecordOpening:
    """One record opened by one reader at one moment."""

    at: datetime
    by_id: uuid.UUID
    patient_id: uuid.UUID
    is_open: bool | None
    in_session: bool


@dataclass(frozen=True, slots=True)
class ReadingToLookAt:
    """What one reader opened of one person on one day, and the signs of it."""

    day: date
    reader: Reader
    person: PersonRead
    first: datetime
    last: datetime
    signs: tuple[Sign, ...]


def signs_of(
    opening: RecordOpening, reader: Reader, *, person: PersonRead, staff: Mapping[uuid.UUID, Reader]
) -> set[Sign]:
    """The signs of one opening. `is_open` is None where the clinic has written down no hours: no sign."""
    signs = set()
    last_name = reader.name.split()[-1] if reader.name.split() else ""
    if folded(last_name) and folded(last_name) == folded(person.family_name):
        signs.add(Sign.SAME_NAME)
    if person.email and person.email.casefold() == reader.email.casefold():
        signs.add(Sign.SAME_ADDRESS)
    others = [it for key, it in staff.items() if key != opening.by_id]
    if person.user_id in staff or any(folded(it.name) == folded(person.name) for it in others):
        signs.add(Sign.COLLEAGUE)
    if opening.is_open is False and not reader.on_call and not opening.in_session:
        signs.add(Sign.OUTSIDE_HOURS)
    return signs


def to_look_at(
    openings: Iterable[RecordOpening],
    *,
    staff: Mapping[uuid.UUID, Reader],
    people: Mapping[uuid.UUID, PersonRead],
    zone: tzinfo,
) -> list[ReadingToLookAt]:
    """One finding a day, reader and person, the newest first. A person's own openings are left out."""
    readings_found: dict[tuple[date, uuid.UUID, uuid.UUID], list[tuple[datetime, set[Sign]]]] = {}
    for it in openings:
        reader, person = staff.get(it.by_id), people.get(it.patient_id)
        if reader is None or person is None or it.by_id == person.user_id:
            continue
        signs = signs_of(it, reader, person=person, staff=staff)
        if signs:
            key = (it.at.astimezone(zone).date(), it.by_id, it.patient_id)
            readings_found.setdefault(key, []).append((it.at, signs))
    findings = [
        ReadingToLookAt(
            day=day,
            reader=staff[by_id],
            person=people[patient_id],
            first=min(at for at, _ in rows),
            last=max(at for at, _ in rows),
            signs=tuple(sign for sign in Sign if any(sign in signs for _, signs in rows)),
        )
        for (day, by_id, patient_id), rows in readings_found.items()
    ]
    return sorted(findings, key=lambda it: it.last, reverse=True)
