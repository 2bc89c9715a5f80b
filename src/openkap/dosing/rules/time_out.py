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

from openkap.dosing.rules.checking import Order, Reason, SecondCheck, objections_to_order
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
from openkap.kernel.refusal import Objection, unlisted


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the record says it is, and what the nurse typed after asking the person."""

    initials: str
    birth_year: int | None
    typed_initials: str = ""
    typed_birth_year: int | None = None


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
    second_checks: tuple[SecondCheck, ...] = ()
    competent: Mapping[uuid.UUID, str] = field(default_factory=dict)
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
        objections.append(unlisted("SESSION_CLOSED", "This session is closed."))
    if facts.dose_open:
        objections.append(unlisted("DOSE_OPEN", "A dose is already running in this session."))
    return objections


def objections_to_identity(identity: Identity) -> list[Objection]:
    """Initials and year of birth, typed again after asking the person (H01)."""
    if not identity.typed_initials.strip() or identity.typed_birth_year is None:
        text = "Ask the person for name and year of birth, and type the initials and the year."
        return [unlisted("IDENTITY_MISSING", text, "initials")]
    typed = "".join(sign for sign in identity.typed_initials.casefold() if sign.isalnum())
    same = typed == identity.initials.casefold() and identity.typed_birth_year == identity.birth_year
    if same:
        return []
    text = (
        "The initials or the year of birth are not those of this record. Check that this is the right person."
    )
    return [unlisted("IDENTITY_DIFFERS", text, "initials")]


def _consent(consent: Consent | None, at: datetime) -> list[Objection]:
    if consent is None or consent.signed_at is None:
        return [unlisted("CONSENT_MISSING", "There is no signed consent.")]
    if consent.withdrawn_at is not None:
        return [unlisted("CONSENT_WITHDRAWN", "The consent was withdrawn.")]
    if consent.valid_until is not None and at >= consent.valid_until:
        return [unlisted("CONSENT_EXPIRED", "The consent is out of date and must be signed again.")]
    return []


def _way_home(facts: TimeOut, at: datetime) -> list[Objection]:
    objections = []
    if not facts.escort_name.strip() or not facts.escort_phone.strip():
        objections.append(unlisted("ESCORT_MISSING", "Name the escort and how to reach them.", "escort"))
    if facts.no_drive_signed_at is None or facts.no_drive_signed_at > at:
        text = "The person has not signed that they will not drive until the next day."
        objections.append(unlisted("NO_DRIVE_NOT_SIGNED", text, "no_drive"))
    return objections


def _history(facts: TimeOut) -> list[Objection]:
    objections = []
    if not facts.allergies.known:
        objections.append(unlisted("ALLERGIES_NOT_ASKED", "Nobody has asked about allergies yet."))
    if facts.clinic_day is None or facts.medicines_reviewed_on != facts.clinic_day:
        text = "The medicines have not been gone through with the person today."
        objections.append(unlisted("MEDICINES_NOT_REVIEWED", text, "medicines"))
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
        objections.append(unlisted(Reason.PROMISE_LATE, "The promise must be given before the dose."))
    if given:
        objections.append(unlisted(Reason.PROMISE_GIVEN, "The promise has been given already."))
    if _same(typed) != _same(person):
        text = f"The person writes their name as it stands here: {person}."
        objections.append(unlisted(Reason.PROMISE_NAME, text, "signed_name"))
    if not is_self and _same(witness) != _same(staff_name):
        text = f"Who saw the person sign writes their own name as witness: {staff_name}."
        objections.append(unlisted(Reason.WITNESS_MISSING, text, "witness_name"))
    return objections


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()
