"""Giving the dose: start, pause, go on, another rate, stop and end. One dose of an order, for ever (H05)."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.consent import actions as consent_actions
from openkap.courses import actions as courses_actions
from openkap.courses import queries as planning
from openkap.courses.models import Order, OrderedDose
from openkap.courses.reasons import CoursesReason
from openkap.courses.regimen import apart_minutes
from openkap.dispensary import actions as dispensary_actions
from openkap.dosing import facts, infusion, rules
from openkap.dosing.events import (
    DoseEnded,
    DosePaused,
    DoseResumed,
    DoseStarted,
    DoseStopped,
    RateChanged,
)
from openkap.dosing.models import Dose, DoseStep
from openkap.kernel.refusal import Objection, refuse_if
from openkap.watch import facts as watch_facts
from openkap.watch.actions.locking import locked_open_session, tell
from openkap.watch.actions.marking import reevaluate
from openkap.watch.actions.opening import keep_dose_times
from openkap.watch.models import Session

SAID_BY_THE_TIME_OUT = frozenset({CoursesReason.NO_ORDER, CoursesReason.NO_CONSENT})


def objections_to_start(
    session: Session, *, initials: str, birth_year: int | None, by: Actor, at: datetime
) -> list[Objection]:
    """Everything against the dose: the time-out's own objections and those of the course, all at once."""
    time_out = facts.time_out(session, at=at, initials=initials, birth_year=birth_year)
    objections = rules.objections_to_start(time_out, by_id=by.user_id, at=at)
    order = facts.order_row(session)
    if order is not None:
        objections += _objections_to_next(order, at=at)
    said = {one.reason for one in objections}
    objections += [one for one in facts.bars_to_running(session) if one.reason not in said]
    objections += _too_soon(session, order, at=at)
    today = at.astimezone(watch_facts.zone_of(session)).date()
    blocks = planning.blocks_to_dosing(session.course, number=session.planned_session.number, today=today)
    return objections + [one for one in blocks if one.reason not in SAID_BY_THE_TIME_OUT]


def _objections_to_next(order: Order, *, at: datetime) -> list[Objection]:
    """Whether the order has a dose left to give, and whether its time has come (H05)."""
    last = facts.last_dose(order)
    return rules.objections_to_giving(
        all_given=facts.next_dose(order) is None,
        last_at=last.at if last else None,
        apart_minutes=apart_minutes(order.regimen),
        at=at,
    )


def _too_soon(session: Session, order: Order | None, *, at: datetime) -> list[Objection]:
    """The pack's interval since the last dose, counted again at the start (H05, H06)."""
    guard = watch_facts.pack_of(session).interval
    if guard is None:
        return []
    earlier = facts.doses_of_patient(session.patient_id)
    last = next((dose for dose in earlier if dose.session_id != session.id), None)
    agreed = order is not None and guard.flag in order.flags and bool(order.seconds.all())
    return rules.objections_to_interval(last.at if last else None, guard=guard, agreed=agreed, at=at)


@transaction.atomic
def start(
    session_id: uuid.UUID,
    *,
    initials: str,
    birth_year: int | None,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID | None = None,
) -> Dose:
    """Start the next dose the order names, when nothing stands against it; without a pump it is given.

    `client_id` is the tap that asks: the same tap arriving again is the same dose, not a second one.
    """
    session = locked_open_session(session_id, with_patient=True)
    earlier = Dose.objects.filter(id=client_id, session=session).first() if client_id else None
    if earlier is not None:
        return earlier
    refuse_if(objections_to_start(session, initials=initials, birth_year=birth_year, by=by, at=at))
    ordered = facts.next_dose(facts.order_row(session))
    if ordered is None:
        raise rules.order_missing()
    order, rate = ordered.order, facts.rate_of(ordered.order)
    dose = _begin(session, ordered, key=client_id, rate_mg_per_h=rate, by=by, at=at)
    _issue(session, dose, by=by, at=at)
    consent_actions.begin_impairment(session.patient_id, cause=("dose", dose.id), by=by, at=at)
    if rate is None:
        _finish(session, dose, by=by, at=at)
    tell(session)
    record(
        DoseStarted(dose_mg=dose.ordered_mg, number=dose.number, rate_mg_per_h=rate, order_id=order.id),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("dose", dose.id),
    )
    return dose


def _begin(
    session: Session,
    ordered: OrderedDose,
    *,
    key: uuid.UUID | None,
    rate_mg_per_h: Decimal | None,
    by: Actor,
    at: datetime,
) -> Dose:
    """The dose and its first step: the pump's start, or the moment a whole dose was given."""
    named = {"id": key} if key else {}
    dose = Dose.objects.create(
        session=session,
        patient_id=session.patient_id,
        order=ordered.order,
        number=ordered.number,
        ordered_mg=ordered.dose_mg,
        **named,
        **by.stamp(at),
    )
    kind = infusion.DoseEventKind.GIVEN if rate_mg_per_h is None else infusion.DoseEventKind.START
    DoseStep.objects.create(dose=dose, kind=kind, rate_mg_per_h=rate_mg_per_h, **by.stamp(at))
    if rate_mg_per_h is not None:
        _keep_times(session, dose, at=at)
    return dose


def _keep_times(session: Session, dose: Dose, *, at: datetime) -> None:
    due_at = facts.dose_state(dose, at=at).planned_end_at
    keep_dose_times(session, began_at=dose.at, ended_at=dose.ended_at, due_at=due_at)


def _issue(session: Session, dose: Dose, *, by: Actor, at: datetime) -> None:
    """Take the dose from stock. The rest of a dose was taken with the dose it continues."""
    order = dose.order
    if order.continues_id is not None:
        return
    dispensary_actions.issue(
        order.formulary_item_id,
        patient_id=session.patient_id,
        session_id=session.id,
        dose_id=dose.id,
        amount_mg=dose.ordered_mg,
        by=by,
        at=at,
    )


def _step(
    session_id: uuid.UUID,
    kind: infusion.DoseEventKind,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
    rate_mg_per_h: Decimal | None = None,
    against: tuple[Objection, ...] = (),
) -> Dose:
    """One more thing that happens to the running dose."""
    session = locked_open_session(session_id, with_patient=True)
    dose = Dose.objects.select_for_update().filter(session=session).order_by("-at", "-id").first()
    if dose is None:
        raise infusion.not_started()
    objections = infusion.objections_to_event(kind, facts.steps_of(dose), at=at, rate_mg_per_h=rate_mg_per_h)
    refuse_if([*objections, *against])
    DoseStep.objects.create(
        dose=dose, kind=kind, rate_mg_per_h=rate_mg_per_h, why=why.strip()[:300], **by.stamp(at)
    )
    given = facts.dose_state(dose, at=at).given_mg
    if kind in (infusion.DoseEventKind.STOP, infusion.DoseEventKind.END):
        _finish(session, dose, by=by, at=at)
    else:
        _keep_times(session, dose, at=at)
    reevaluate(session, by=by, at=at)
    tell(session)
    record(
        _EVENTS[kind](given_mg=given, rate_mg_per_h=rate_mg_per_h),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("dose", dose.id),
        why=why,
    )
    return dose


_EVENTS: dict[
    infusion.DoseEventKind, type[DosePaused | DoseResumed | RateChanged | DoseStopped | DoseEnded]
] = {
    infusion.DoseEventKind.PAUSE: DosePaused,
    infusion.DoseEventKind.RESUME: DoseResumed,
    infusion.DoseEventKind.RATE: RateChanged,
    infusion.DoseEventKind.STOP: DoseStopped,
    infusion.DoseEventKind.END: DoseEnded,
}


def _finish(session: Session, dose: Dose, *, by: Actor, at: datetime) -> None:
    """The dose is over: the course's gate is met, and the time until rule begins."""
    dose.ended_at = at
    dose.save(update_fields=["ended_at"])
    _keep_times(session, dose, at=at)
    courses_actions.meet_gate(
        session.course_id,
        gate="dosing_done",
        session_number=session.planned_session.number,
        evidence=("dose", dose.id),
        by=by,
        at=at,
    )


@transaction.atomic
def pause(session_id: uuid.UUID, *, by: Actor, at: datetime, why: str = "") -> Dose:
    """The pump is paused. Anyone in the room may, at any time, without giving a reason."""
    return _step(session_id, infusion.DoseEventKind.PAUSE, by=by, at=at, why=why)


@transaction.atomic
def resume(session_id: uuid.UUID, *, by: Actor, at: datetime) -> Dose:
    """The pump runs again, at the rate it had, when nothing asks for an act or a stop."""
    session = locked_open_session(session_id, with_patient=True)
    against = (*rules.objections_to_role(by.role), *facts.bars_to_running(session))
    return _step(session_id, infusion.DoseEventKind.RESUME, by=by, at=at, against=against)


@transaction.atomic
def change_rate(session_id: uuid.UUID, *, rate_mg_per_h: Decimal, why: str, by: Actor, at: datetime) -> Dose:
    """Another rate: never faster than the order, nor faster than now while something bars it."""
    session = locked_open_session(session_id, with_patient=True)
    dose = facts.dose_of(session)
    against = rules.objections_to_role(by.role)
    ordered = facts.rate_of(dose.order) if dose is not None else None
    if dose is not None and ordered is not None:
        against += rules.objections_to_rate(
            rate_mg_per_h,
            ordered_mg_per_h=ordered,
            now_mg_per_h=facts.dose_state(dose, at=at).rate_mg_per_h,
            barred=facts.bars_to_running(session),
        )
    against += rules.objections_to_why(why)
    return _step(
        session_id,
        infusion.DoseEventKind.RATE,
        by=by,
        at=at,
        why=why,
        rate_mg_per_h=rate_mg_per_h,
        against=tuple(against),
    )


@transaction.atomic
def stop(session_id: uuid.UUID, *, by: Actor, at: datetime, why: str = "") -> Dose:
    """The dose is stopped for good before it was through. Nothing stands in the way of stopping."""
    return _step(session_id, infusion.DoseEventKind.STOP, by=by, at=at, why=why)


@transaction.atomic
def end(session_id: uuid.UUID, *, by: Actor, at: datetime) -> Dose:
    """The dose is through and the line is closed."""
    return _step(
        session_id, infusion.DoseEventKind.END, by=by, at=at, against=tuple(rules.objections_to_role(by.role))
    )
