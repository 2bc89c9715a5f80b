"""The time-out: everything that stands against giving this dose, to this person, now. Pure.

The history and the facts are handed in; what is None was not taken or not asked, and that is an objection,
never a pass. A number that is only a default of this software asks for a prescriber's decision with a reason;
it is never a silent stop.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

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
class Order:
    """The signed order for this session."""

    signed: bool
    current: bool
    signed_by_id: uuid.UUID | None
    content_hash: str
    over_ceiling: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondCheck:
    """The independent check of order, vial and pump by another person, bound to the order's content."""

    by_id: uuid.UUID | None
    content_hash: str


@dataclass(frozen=True, slots=True)
class Consent:
    """The consent as it stands today."""

    signed_at: datetime | None = None
    valid_until: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeOut:
    """Everything a start is judged by."""

    identity: Identity
    order: Order | None = None
    second_check: SecondCheck | None = None
    consent: Consent | None = None
    before: Before = field(default_factory=Before)
    lines: PressureLines = field(default_factory=PressureLines)
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
        *_order(facts, by_id),
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
        objections.append(Objection("SESSION_CLOSED", "This session is closed."))
    if facts.dose_open:
        objections.append(Objection("DOSE_OPEN", "A dose is already running in this session."))
    return objections


def objections_to_identity(identity: Identity) -> list[Objection]:
    """Initials and year of birth, typed again after asking the person (H01)."""
    if not identity.typed_initials.strip() or identity.typed_birth_year is None:
        text = "Ask the person for name and year of birth, and type the initials and the year."
        return [Objection("IDENTITY_MISSING", text, "initials")]
    typed = "".join(sign for sign in identity.typed_initials.casefold() if sign.isalnum())
    same = typed == identity.initials.casefold() and identity.typed_birth_year == identity.birth_year
    if same:
        return []
    text = (
        "The initials or the year of birth are not those of this record. Check that this is the right person."
    )
    return [Objection("IDENTITY_DIFFERS", text, "initials")]


def objections_to_second_check(order: Order | None, *, by_id: uuid.UUID | None) -> list[Objection]:
    """Who may check an order: a person, and not the one who signed it."""
    if order is None or not order.signed or not order.current:
        return [Objection("ORDER_MISSING", "There is no signed, current order for this session.")]
    if by_id is None:
        return [Objection("CHECK_BY_PERSON", "The check needs a signed-in person.")]
    if by_id == order.signed_by_id:
        return [
            Objection("CHECK_BY_SAME", "The check must be made by someone other than who signed the order.")
        ]
    return []


def _order(facts: TimeOut, by_id: uuid.UUID | None) -> list[Objection]:
    order, check = facts.order, facts.second_check
    if order is None or not order.signed:
        return [Objection("ORDER_MISSING", "There is no signed order for this session.")]
    objections = list(order.over_ceiling)
    if not order.current:
        objections.append(
            Objection("ORDER_NOT_CURRENT", "The order was changed or withdrawn. It must be signed again.")
        )
    if check is None:
        objections.append(Objection("SECOND_CHECK_MISSING", "A second person has not checked the order."))
    elif check.content_hash != order.content_hash:
        objections.append(
            Objection("SECOND_CHECK_OLD", "The order changed after it was checked. Check it again.")
        )
    elif check.by_id is None or check.by_id == order.signed_by_id:
        objections.append(
            Objection("CHECK_BY_SAME", "The check must be made by someone other than who signed.")
        )
    if by_id is None:
        objections.append(Objection("START_BY_PERSON", "Only a signed-in person starts a dose."))
    return objections


def _consent(consent: Consent | None, at: datetime) -> list[Objection]:
    if consent is None or consent.signed_at is None:
        return [Objection("CONSENT_MISSING", "There is no signed consent.")]
    if consent.withdrawn_at is not None:
        return [Objection("CONSENT_WITHDRAWN", "The consent was withdrawn.")]
    if consent.valid_until is not None and at >= consent.valid_until:
        return [Objection("CONSENT_EXPIRED", "The consent is out of date and must be signed again.")]
    return []


def _way_home(facts: TimeOut, at: datetime) -> list[Objection]:
    objections = []
    if not facts.escort_name.strip() or not facts.escort_phone.strip():
        objections.append(Objection("ESCORT_MISSING", "Name the escort and how to reach them.", "escort"))
    if facts.no_drive_signed_at is None or facts.no_drive_signed_at > at:
        text = "The person has not signed that they will not drive until the next day."
        objections.append(Objection("NO_DRIVE_NOT_SIGNED", text, "no_drive"))
    return objections


def _history(facts: TimeOut) -> list[Objection]:
    objections = []
    if not facts.allergies.known:
        objections.append(Objection("ALLERGIES_NOT_ASKED", "Nobody has asked about allergies yet."))
    if facts.clinic_day is None or facts.medicines_reviewed_on != facts.clinic_day:
        text = "The medicines have not been gone through with the person today."
        objections.append(Objection("MEDICINES_NOT_REVIEWED", text, "medicines"))
    return objections
