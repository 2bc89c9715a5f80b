"""What is settled at the time-out before the dose."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from openkap.accounts import duties
from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.chart import actions as chart_actions
from openkap.dosing import facts, rules
from openkap.dosing.events import (
    DayAnswered,
    DecidedToGoOn,
    MedicinesReviewed,
    NoDrivePromised,
    SecondChecked,
)
from openkap.dosing.models import MedicinesReview, NoDrivePromise, PredoseDecision, SecondCheck
from openkap.dosing.statements import DosingAlert
from openkap.kernel.answer import Answer
from openkap.kernel.event import DomainEvent
from openkap.kernel.refusal import refuse_if
from openkap.watch import facts as watch_facts
from openkap.watch.actions.locking import locked_open_session, tell
from openkap.watch.checks import PRESSURE
from openkap.watch.models import Session


def _note(
    event: DomainEvent,
    session: Session,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
) -> None:
    subject = ("session", session.id)
    record(event, by=by, at=at, patient_id=session.patient_id, subject=subject, why=why)


@transaction.atomic
def promise_no_drive(
    session_id: uuid.UUID, *, signed_name: str, by: Actor, at: datetime, witness_name: str = ""
) -> NoDrivePromise:
    """The person's own word not to drive until the next day, given before the dose (H15)."""
    session = locked_open_session(session_id)
    is_self = by.role == Role.PATIENT
    refuse_if(
        rules.objections_to_promise(
            typed=signed_name,
            person=session.patient.name,
            is_self=is_self,
            witness=witness_name,
            staff_name=by.name,
            given=facts.promise_of(session) is not None,
            dose_begun=session.dose_began_at is not None,
        )
    )
    promise = NoDrivePromise.objects.create(
        session=session,
        signed_name=" ".join(signed_name.split()),
        witness_name="" if is_self else " ".join(witness_name.split()),
        **by.stamp(at),
    )
    tell(session)
    _note(NoDrivePromised(witnessed=not is_self), session, by=by, at=at)
    return promise


@transaction.atomic
def review_medicines(session_id: uuid.UUID, *, note: str, by: Actor, at: datetime) -> MedicinesReview:
    """The medicines, and anything taken since yesterday, were gone through with the person (H11)."""
    session = locked_open_session(session_id)
    review = MedicinesReview.objects.create(session=session, note=note.strip()[:500], **by.stamp(at))
    tell(session)
    _note(MedicinesReviewed(), session, by=by, at=at)
    return review


@transaction.atomic
def answer_today(
    session_id: uuid.UUID, *, answers: dict[str, tuple[Answer, str]], by: Actor, at: datetime
) -> None:
    """The questions of the day, asked in the room. A yes about suicide has an owner at once (H12)."""
    session = locked_open_session(session_id, with_patient=True)
    questions = {one.name: one for one in facts.questions_of_the_day(session, at=at)}
    refuse_if(rules.objections_to_day_answers(frozenset(answers), known=frozenset(questions)))
    chart_actions.answer_facts(session.patient_id, answers=answers, again=frozenset(answers), by=by, at=at)
    for name, (answer, _) in answers.items():
        if questions[name].alert and answer is Answer.YES:
            _report_answer(session, name, by=by, at=at)
    tell(session)
    _note(DayAnswered(names=tuple(sorted(answers))), session, by=by, at=at)


def _report_answer(session: Session, name: str, *, by: Actor, at: datetime) -> None:
    raise_alert(
        session.patient_id,
        kind="day_answer",
        says=DosingAlert.THOUGHTS_OF_SUICIDE(room=session.room.name),
        owner_membership_id=owner_for(session.patient_id, Role.PRESCRIBER),
        cause=(f"day_{name}", session.id),
        by=by,
        at=at,
    )


@transaction.atomic
def decide_to_go_on(
    session_id: uuid.UUID,
    *,
    about: str,
    reason: str,
    by: Actor,
    at: datetime,
    seen_at: datetime | None = None,
) -> PredoseDecision:
    """A prescriber decides to go on although something before the dose asks for a decision (H10, H11).

    `about` is the pressure, or the name of one question of the day; nothing else is lifted. `seen_at` is when
    the cuff reading was taken that the prescriber looked at: when another has come since, nothing is decided,
    and the new one is shown.
    """
    session = locked_open_session(session_id)
    reading = watch_facts.cuff(session, at=at) if about == PRESSURE else None
    refuse_if(
        rules.objections_to_predose_decision(
            about,
            known=frozenset({PRESSURE, *(one.name for one in facts.asked_today(session, at=at))}),
            reason=reason,
            role=by.role,
            dose_begun=facts.dose_runs(session),
            reading=(reading.sbp, reading.dbp, reading.at) if reading else None,
            seen_at=seen_at,
        )
    )
    decision = PredoseDecision.objects.create(
        session=session,
        about=about,
        reason=reason.strip()[:500],
        sbp=reading.sbp if reading else None,
        dbp=reading.dbp if reading else None,
        measured_at=reading.at if reading else None,
        **by.stamp(at),
    )
    tell(session)
    sbp, dbp = (reading.sbp, reading.dbp) if reading is not None else (None, None)
    _note(DecidedToGoOn(about=about, sbp=sbp, dbp=dbp), session, by=by, at=at, why=reason)
    return decision


@transaction.atomic
def second_check(
    session_id: uuid.UUID,
    *,
    by: Actor,
    at: datetime,
    strength_mg_per_ml: Decimal | None = None,
    rate_mg_per_h: Decimal | None = None,
) -> SecondCheck:
    """A person named for it has read order, vial and pump, and types what vial and pump say (H02, H03)."""
    session = locked_open_session(session_id)
    signed_order = facts.order_row(session)
    seen = rules.ReadOff(strength_mg_per_ml, rate_mg_per_h)
    competent = duties.competent_for_check()
    order = facts.order(session, signed_order)
    refuse_if(rules.objections_to_second_check(order, by_id=by.user_id, competent=competent, seen=seen))
    assert signed_order is not None
    assert strength_mg_per_ml is not None
    content_hash = facts.hash_of(signed_order)
    for known in facts.check_rows(session, signed_order):
        if known.by_id == by.user_id and known.content_hash == content_hash:
            return known
    check = SecondCheck.objects.create(
        session=session,
        order=signed_order,
        content_hash=content_hash,
        strength_mg_per_ml=strength_mg_per_ml,
        rate_mg_per_hour=rate_mg_per_h if order and order.rate_mg_per_h is not None else None,
        **by.stamp(at),
    )
    tell(session)
    _note(SecondChecked(order_id=signed_order.id), session, by=by, at=at)
    return check
