"""Orders: a prescriber's, a second prescriber's, and taking one back."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.audit.actions import record
from openkap.consent import queries as consent
from openkap.courses import order_rules, queries, signing_rules
from openkap.courses.actions.drafting import NewOrder, by_weight, draft, words_of
from openkap.courses.actions.planning import locked_with_patient
from openkap.courses.counting import Amounts
from openkap.courses.events import DoseOrdered, DoseOrderSeconded, DoseOrderWithdrawn
from openkap.courses.models import (
    Course,
    GateMet,
    Order,
    OrderedDose,
    OrderSecond,
    OrderWithdrawn,
    PlannedSession,
)
from openkap.courses.regimen import regimen_of
from openkap.kernel.event import DomainEvent
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Objection, refuse_if


def objections_to_ordering(course: Course, session: PlannedSession, *, by: Actor) -> list[Objection]:
    """Why no order can be written for this session now, whatever the dose."""
    return signing_rules.objections_to_ordering(
        signing_rules.OrderMoment(
            number=session.number,
            is_prescriber=by.role == Role.PRESCRIBER,
            ended=course.ended_at is not None,
            dose_runs=consent.is_impaired(course.patient_id),
            dose_given=GateMet.objects.filter(planned_session=session, gate="dosing_done").exists(),
            has_order=queries.standing_order(session.id) is not None,
        )
    )


@transaction.atomic
def order(
    course_id: uuid.UUID, *, session_number: int, new: NewOrder, typed_name: str, by: Actor, at: datetime
) -> Order:
    """A prescriber orders and signs the dose of one session."""
    course = locked_with_patient(course_id)
    session, item, drafted = draft(course, session_number=session_number, new=new, at=at)
    pack = queries.pack(course)
    amounts, objections, concerns = order_rules.check(drafted, pack=pack, at=at)
    refuse_if([*objections_to_ordering(course, session, by=by), *objections])
    assert amounts is not None
    regimen = regimen_of(drafted, amounts, how=pack.dose.administration)
    key = uuid7()
    content = words_of(course, session, item=item, draft=drafted, amounts=amounts, regimen=regimen)
    signature = sign(
        content.encode(),
        meaning="I order this dose",
        typed_name=typed_name,
        subject=("order", key),
        by=by,
        at=at,
    )
    order_row = Order.objects.create(
        id=key,
        planned_session=session,
        dose_mg=amounts.dose.value,
        volume_ml=amounts.volume.value,
        regimen=regimen,
        **by_weight(drafted, amounts),
        formulary_item=item,
        strength_mg_per_ml=item.strength_mg_per_ml,
        diluted=drafted.diluted,
        reason=drafted.reason.strip()[:500],
        needs_second=order_rules.needs_second(concerns),
        flags=[str(concern.flag) for concern in concerns],
        content=content,
        signature=signature,
        **by.stamp(at),
    )
    _write_doses(order_row, amounts, by=by, at=at)
    ordered = DoseOrdered(dose_mg=order_row.dose_mg, flags=tuple(c.flag for c in concerns))
    _note_order(ordered, order_row, course=course, by=by, at=at)
    return order_row


def _write_doses(order: Order, amounts: Amounts, *, by: Actor, at: datetime) -> None:
    """Each dose of the order, in the order they are given."""
    OrderedDose.objects.bulk_create(
        OrderedDose(order=order, number=number, dose_mg=dose.value, volume_ml=volume.value, **by.stamp(at))
        for number, (dose, volume) in enumerate(zip(amounts.doses, amounts.volumes, strict=True), start=1)
    )


def _note_order(
    event: DomainEvent,
    order: Order,
    *,
    course: Course,
    by: Actor,
    at: datetime,
    why: str = "",
) -> None:
    record(
        event,
        by=by,
        at=at,
        patient_id=course.patient_id,
        subject=("order", order.id),
        why=why,
    )


def locked_order(order_id: uuid.UUID) -> tuple[Order, Course]:
    """An order and its course, locked."""
    order = queries.order(order_id)
    if order is None:
        raise signing_rules.no_such_order()
    course = locked_with_patient(order.planned_session.course_id)
    fresh = queries.order(order_id)
    assert fresh is not None
    return fresh, course


def _signed(order: Order) -> signing_rules.Signed:
    given = GateMet.objects.filter(planned_session_id=order.planned_session_id, gate="dosing_done")
    return signing_rules.Signed(
        needs_second=order.needs_second,
        taken_back=bool(order.withdrawals.all()),
        seconded=bool(order.seconds.all()),
        carried_out=given.exists(),
    )


def objections_to_second(order: Order, *, by: Actor) -> list[Objection]:
    """What stands against this person's signature as the second under an order."""
    patient_id = order.planned_session.course.patient_id
    return signing_rules.objections_to_second(
        _signed(order),
        is_prescriber=by.role == Role.PRESCRIBER,
        same=order.by_id == by.user_id,
        dose_runs=consent.is_impaired(patient_id) and order.continues_id is None,
    )


def objections_to_taking_back(order: Order, *, why: str, by: Actor) -> list[Objection]:
    """What stands against this person's taking an order back."""
    return signing_rules.objections_to_taking_back(
        _signed(order),
        is_prescriber=by.role == Role.PRESCRIBER,
        dose_runs=consent.is_impaired(order.planned_session.course.patient_id),
        why=why,
    )


@transaction.atomic
def second_order(order_id: uuid.UUID, *, typed_name: str, by: Actor, at: datetime) -> OrderSecond:
    """Another prescriber signs an order that goes beyond a limit."""
    order, course = locked_order(order_id)
    refuse_if(objections_to_second(order, by=by))
    key = uuid7()
    signature = sign(
        order.content.encode(),
        meaning="I agree with this order",
        typed_name=typed_name,
        subject=("order_second", key),
        by=by,
        at=at,
    )
    second = OrderSecond.objects.create(id=key, order=order, signature=signature, **by.stamp(at))
    _note_order(DoseOrderSeconded(dose_mg=order.dose_mg), order, course=course, by=by, at=at)
    return second


@transaction.atomic
def withdraw_order(order_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> OrderWithdrawn:
    """Take an order back before it is carried out."""
    order, course = locked_order(order_id)
    refuse_if(objections_to_taking_back(order, why=why, by=by))
    withdrawn = OrderWithdrawn.objects.create(order=order, why=why.strip()[:300], **by.stamp(at))
    _note_order(DoseOrderWithdrawn(dose_mg=order.dose_mg), order, course=course, by=by, at=at, why=why)
    return withdrawn
