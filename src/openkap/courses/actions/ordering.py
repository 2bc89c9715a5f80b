"""Orders: a prescriber's, a second prescriber's, and taking one back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.audit.actions import record
from openkap.consent import queries as consent
from openkap.courses import dose_rules, order_rules, queries, signing_rules
from openkap.courses.actions.planning import locked_with_patient
from openkap.courses.events import DoseOrdered, DoseOrderSeconded, DoseOrderWithdrawn
from openkap.courses.models import Course, GateMet, Order, OrderSecond, OrderWithdrawn, PlannedSession
from openkap.dispensary.models import FormularyItem
from openkap.kernel.event import DomainEvent
from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import (
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    Minutes,
    plain,
)
from openkap.kernel.refusal import Objection, refuse_if


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as a prescriber typed it. The dose is typed in mg/kg and confirmed in mg (H02)."""

    dose_mg_per_kg: Decimal
    confirmed_mg: Decimal | None
    infusion_minutes: Decimal
    formulary_item_id: uuid.UUID
    weight_basis: str = "actual"
    diluted: bool = False
    reason: str = ""
    weight_confirmed: bool = False


def _draft(
    course: Course, session: PlannedSession, new: NewOrder, item: FormularyItem, *, at: datetime
) -> order_rules.Draft:
    weighing = queries.weighing(course.patient, confirmed=new.weight_confirmed)
    if weighing is None:
        raise signing_rules.not_weighed()
    doses = GateMet.objects.filter(course__patient_id=course.patient_id, gate="dosing_done")
    last = doses.exclude(planned_session=session).order_by("-at").first()
    usual = last.at if last else at  # the hour of the next dose is taken to be that of the last one
    day = session.planned_on
    planned_at = usual.replace(year=day.year, month=day.month, day=day.day)
    return order_rules.Draft(
        dose=MilligramsPerKilogram(new.dose_mg_per_kg),
        confirmed_mg=Milligrams(new.confirmed_mg) if new.confirmed_mg is not None else None,
        infusion=Minutes(new.infusion_minutes),
        strength=MilligramsPerMillilitre(item.strength_mg_per_ml),
        weighing=weighing,
        vial=Millilitres(item.vial_ml),
        basis=new.weight_basis,
        diluted=new.diluted,
        reason=new.reason,
        last_dose_at=last.at if last else None,
        planned_at=max(planned_at, at),
    )


def draft(
    course: Course, *, session_number: int, new: NewOrder, at: datetime
) -> tuple[PlannedSession, FormularyItem, order_rules.Draft]:
    """The order as the rules take it, with the session and the vial it speaks of; or a refusal."""
    session = PlannedSession.objects.filter(course=course, number=session_number).first()
    item = FormularyItem.objects.filter(id=new.formulary_item_id, withdrawn_at__isnull=True).first()
    refuse_if(
        signing_rules.objections_to_choice(
            session_number,
            planned=session is not None and session.cancelled_at is None,
            has_vial=item is not None,
            right_product=item is not None and item.product == course.pack_version.product,
        )
    )
    assert session is not None
    assert item is not None
    return session, item, _draft(course, session, new, item, at=at)


def objections_to_ordering(course: Course, session: PlannedSession, by: Actor) -> list[Objection]:
    """Why no order can be written for this session now, whatever the dose."""
    return signing_rules.objections_to_ordering(
        signing_rules.Moment(
            number=session.number,
            is_prescriber=by.role == Role.PRESCRIBER,
            ended=course.ended_at is not None,
            dose_runs=consent.is_impaired(course.patient_id),
            dose_given=GateMet.objects.filter(planned_session=session, gate="dosing_done").exists(),
            has_order=queries.standing_order(session.id) is not None,
        )
    )


def words_of(
    course: Course,
    session: PlannedSession,
    item: FormularyItem,
    draft: order_rules.Draft,
    amounts: order_rules.Amounts,
) -> str:
    """The order's exact words, as they are signed and read out at the time-out."""
    lines = [
        f"{course.patient.name}, {course.patient.mrn}",
        f"Session {session.number}, planned for {session.planned_on.isoformat()}",
        f"{item.name}, {plain(item.strength_mg_per_ml)} mg/mL",
        f"{draft.dose} by {draft.basis} weight {amounts.weight} = {amounts.dose} = {amounts.volume}",
        f"Over {draft.infusion}, {amounts.rate}",
        f"Weighed {draft.weighing.measured_at.isoformat()}",
        f"Protocol {queries.pack(course).name}",
    ]
    count = dose_rules.vials(amounts.volume, Millilitres(item.vial_ml))
    lines += [f"From {count} vials of {plain(item.vial_ml)} mL"] if count > 1 else []
    named = dose_rules.differences(
        mg_per_kg=draft.dose.value, minutes=draft.infusion, dose=queries.pack(course).dose
    )
    lines += [f"Differs from the protocol: {'; '.join(named)}"] if named else []
    lines += ["Diluted before use"] if draft.diluted else []
    lines += [f"Reason: {draft.reason.strip()}"] if draft.reason.strip() else []
    return "\n".join(lines)


@transaction.atomic
def order(
    course_id: uuid.UUID, *, session_number: int, new: NewOrder, typed_name: str, by: Actor, at: datetime
) -> Order:
    """A prescriber orders and signs the dose of one session."""
    course = locked_with_patient(course_id)
    session, item, drafted = draft(course, session_number=session_number, new=new, at=at)
    amounts, objections, concerns = order_rules.check(drafted, pack=queries.pack(course), at=at)
    refuse_if([*objections_to_ordering(course, session, by), *objections])
    assert amounts is not None
    key, content = uuid7(), words_of(course, session, item, drafted, amounts)
    signature = sign(
        content.encode(),
        meaning="I order this dose",
        typed_name=typed_name,
        subject=("order", key),
        by=by,
        at=at,
    )
    row = Order.objects.create(
        id=key,
        planned_session=session,
        dose_mg_per_kg=drafted.dose.value,
        dose_mg=amounts.dose.value,
        volume_ml=amounts.volume.value,
        infusion_minutes=drafted.infusion.value,
        rate_mg_per_hour=amounts.rate.value,
        weight_kg=amounts.weight.value,
        weight_basis=drafted.basis,
        weighed_at=drafted.weighing.measured_at,
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
    _note_order(
        DoseOrdered(dose_mg=row.dose_mg, flags=tuple(c.flag for c in concerns)), row, course, by=by, at=at
    )
    return row


def _note_order(
    event: DomainEvent,
    order: Order,
    course: Course,
    *,
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
    found = queries.order(order_id)
    if found is None:
        raise signing_rules.no_such_order()
    course = locked_with_patient(found.planned_session.course_id)
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


@transaction.atomic
def second_order(order_id: uuid.UUID, *, typed_name: str, by: Actor, at: datetime) -> OrderSecond:
    """Another prescriber signs an order that goes beyond a limit."""
    row, course = locked_order(order_id)
    refuse_if(
        signing_rules.objections_to_second(
            _signed(row),
            is_prescriber=by.role == Role.PRESCRIBER,
            same=row.by_id == by.user_id,
            dose_runs=consent.is_impaired(course.patient_id) and row.continues_id is None,
        )
    )
    key = uuid7()
    signature = sign(
        row.content.encode(),
        meaning="I agree with this order",
        typed_name=typed_name,
        subject=("order_second", key),
        by=by,
        at=at,
    )
    second = OrderSecond.objects.create(id=key, order=row, signature=signature, **by.stamp(at))
    _note_order(DoseOrderSeconded(dose_mg=row.dose_mg), row, course, by=by, at=at)
    return second


@transaction.atomic
def withdraw_order(order_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> OrderWithdrawn:
    """Take an order back before it is carried out."""
    row, course = locked_order(order_id)
    refuse_if(
        signing_rules.objections_to_taking_back(
            _signed(row),
            is_prescriber=by.role == Role.PRESCRIBER,
            dose_runs=consent.is_impaired(course.patient_id),
            why=why,
        )
    )
    withdrawn = OrderWithdrawn.objects.create(order=row, why=why.strip()[:300], **by.stamp(at))
    _note_order(DoseOrderWithdrawn(dose_mg=row.dose_mg), row, course, by=by, at=at, why=why)
    return withdrawn
