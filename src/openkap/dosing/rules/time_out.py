"""The time-out: everything that stands against giving this dose, to this person, now. Pure.

The history and the facts are handed in; what is None was not taken or not asked, and that is an objection,
never a pass. A number that is only a default of this software asks for a prescriber's decision with a reason;
it is never a silent stop.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from openkap.dosing.reasons import DosingReason
from openkap.dosing.rules.checking import CheckMade, OrderToGive, objections_to_order
from openkap.dosing.rules.predose import (
    Before,
    DayQuestion,
    PressureLines,
    Weighed,
    objections_to_today,
    objections_to_vitals,
    objections_to_weight,
)
from openkap.kernel.answer import Answer
from openkap.kernel.refusal import Objection


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the record says it is, and what the nurse typed after asking the person."""

    initials: str
    birth_year: int | None
    typed_initials: str = ""
    typed_birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The consent as it stands today."""

    signed_at: datetime | None = None
    valid_until: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeOut:
    """Everything a start is judged by."""

    identity: Identity
    lines: PressureLines
    order: OrderToGive | None = None
    second_checks: tuple[CheckMade, ...] = ()
    competent: Mapping[uuid.UUID, str] = field(default_factory=dict)
    consent: ConsentState | None = None
    before: Before = field(default_factory=Before)
    escort_name: str = ""
    escort_phone: str = ""
    no_drive_signed_at: datetime | None = None
    allergies: Answer = Answer.NOT_ASKED
    medicines_reviewed_on: date | None = None
    today: tuple[DayQuestion, ...] = ()
    weighed: Weighed | None = None
    clinic_day: date | None = None
    dose_open: bool = False
    session_closed: bool = False


def objections_to_start(facts: TimeOut, *, by_id: uuid.UUID | None, at: datetime) -> list[Objection]:
    """All reasons against starting the dose at `at`."""
    objections = [
        *objections_to_identity(facts.identity),
        *objections_to_order(facts.order, checks=facts.second_checks, competent=facts.competent, by_id=by_id),
        *_consent(facts.consent, at),
    ]
    objections += [
        *_way_home(facts, at),
        *_history(facts),
        *objections_to_today(facts.today),
        *objections_to_weight(facts.weighed, at=at),
        *objections_to_vitals(facts.before, facts.lines, at=at),
    ]
    if facts.session_closed:
        objections.append(DosingReason.SESSION_CLOSED())
    if facts.dose_open:
        objections.append(DosingReason.DOSE_OPEN())
    return objections


def objections_to_identity(identity: Identity) -> list[Objection]:
    """Initials and year of birth, typed again after asking the person (H01)."""
    if not identity.typed_initials.strip() or identity.typed_birth_year is None:
        return [DosingReason.IDENTITY_MISSING("initials")]
    typed = "".join(sign for sign in identity.typed_initials.casefold() if sign.isalnum())
    same = typed == identity.initials.casefold() and identity.typed_birth_year == identity.birth_year
    if same:
        return []
    return [DosingReason.IDENTITY_DIFFERS("initials")]


def _consent(consent: ConsentState | None, at: datetime) -> list[Objection]:
    if consent is None or consent.signed_at is None:
        return [DosingReason.CONSENT_MISSING()]
    if consent.withdrawn_at is not None:
        return [DosingReason.CONSENT_WITHDRAWN()]
    if consent.valid_until is not None and at >= consent.valid_until:
        return [DosingReason.CONSENT_EXPIRED()]
    return []


def _way_home(facts: TimeOut, at: datetime) -> list[Objection]:
    objections = []
    if not facts.escort_name.strip() or not facts.escort_phone.strip():
        objections.append(DosingReason.ESCORT_MISSING("escort"))
    if facts.no_drive_signed_at is None or facts.no_drive_signed_at > at:
        objections.append(DosingReason.NO_DRIVE_NOT_SIGNED("no_drive"))
    return objections


def _history(facts: TimeOut) -> list[Objection]:
    objections = []
    if not facts.allergies.known:
        objections.append(DosingReason.ALLERGIES_NOT_ASKED())
    if facts.clinic_day is None or facts.medicines_reviewed_on != facts.clinic_day:
        objections.append(DosingReason.MEDICINES_NOT_REVIEWED("medicines"))
    return objections


def objections_to_promise(
    *, typed: str, person: str, is_self: bool, witness: str, staff_name: str, given: bool, dose_begun: bool
) -> list[Objection]:
    """The promise not to drive is the person's own (H15).

    They give it in their own sign-in, or sign on the clinic's screen while a member of staff watches, who
    writes their own name as witness.
    """
    objections = []
    if dose_begun:
        objections.append(DosingReason.PROMISE_LATE())
    if given:
        objections.append(DosingReason.PROMISE_GIVEN())
    if _same(typed) != _same(person):
        objections.append(DosingReason.PROMISE_NAME("signed_name", name=person))
    if not is_self and _same(witness) != _same(staff_name):
        objections.append(DosingReason.WITNESS_MISSING("witness_name", name=staff_name))
    return objections


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()
