"""The order of a session as the time-out judges it. Reads only."""

from __future__ import annotations

import hashlib
import uuid
from decimal import Decimal

from django.db.models import QuerySet

from openkap.courses import counting
from openkap.courses import queries as courses
from openkap.courses.dose_rules import DoseSize, over_ceiling
from openkap.courses.models import Order, OrderedDose, WeightBasis
from openkap.courses.regimen import InfusionRegimen, is_counted
from openkap.dosing import rules
from openkap.dosing.models import Dose, SecondCheck
from openkap.kernel.quantity import Kilograms, Milligrams
from openkap.tenancy.asked import asked_once
from openkap.tenancy.keyed_queries import keyed_query
from openkap.watch.facts.reading import once
from openkap.watch.facts.session import errors_of, pack_of
from openkap.watch.facts.values import number
from openkap.watch.models import EnteredInError, Session


def hash_of(order_row: Order) -> str:
    """The order's very words as a SHA-256 in hex; a second check is bound to it."""
    return hashlib.sha256(order_row.content.encode()).hexdigest()


def order_row(session: Session) -> Order | None:
    """The order that stands for this session now."""
    return once(session, "order", ask=lambda: courses.current_order(session.planned_session_id))


def order(session: Session, order_row: Order | None) -> rules.OrderToGive | None:
    """The order as the rules see it."""
    if order_row is None:
        return None
    return rules.OrderToGive(
        signed=True,
        current=True,
        signed_by_id=order_row.by_id,
        content_hash=hash_of(order_row),
        over_ceiling=tuple(over_ceiling(_size(session, order_row), pack_of(session).ceiling)),
        vial_in_use=order_row.formulary_item.withdrawn_at is None,
        strength_mg_per_ml=order_row.strength_mg_per_ml,
        rate_mg_per_h=rate_of(order_row),
        is_counted=is_counted(order_row.regimen),
    )


@keyed_query
def doses_by_orders_of(planned_session: uuid.UUID) -> QuerySet[Dose]:
    """The doses that were given by the orders of a planned session, the last first."""
    return Dose.objects.filter(order__planned_session_id=planned_session).order_by("-number")


def last_dose(order: Order) -> Dose | None:
    """The dose of an order that was given last."""
    given = doses_by_orders_of(order.planned_session_id)
    return next((dose for dose in given if dose.order_id == order.id), None)


@asked_once
def next_dose(order: Order | None) -> OrderedDose | None:
    """The dose of an order that is to be given next; None once all of them have begun."""
    if order is None:
        return None
    last = last_dose(order)
    number = last.number + 1 if last else 1
    return next((dose for dose in order.ordered_doses.all() if dose.number == number), None)


def rate_of(order: Order) -> Decimal | None:
    """The ordered rate in mg/h; None where the order is no infusion."""
    return order.regimen.rate.value if isinstance(order.regimen, InfusionRegimen) else None


def _weighing(session: Session) -> counting.Weighing | None:
    """The weight measured last."""
    return once(session, "weighing", ask=lambda: courses.weighing(session.patient))


def _size(session: Session, order: Order) -> DoseSize:
    """The ordered dose by the weight measured last, so that an old weight hides no high dose (H04, H06)."""
    last = _weighing(session)
    weight = last.weight if last else Kilograms(order.weight_kg) if order.weight_kg else None
    first = order
    while first.continues is not None:
        first = first.continues  # the rest of an order is judged as the whole it is a part of
    regimen = first.regimen
    return DoseSize(
        first.dose_mg,
        Milligrams(first.dose_mg).per(weight).value if weight else None,
        regimen.minutes.value if isinstance(regimen, InfusionRegimen) else None,
    )


def weighed(session: Session, order: Order | None) -> rules.Weighed | None:
    """The weight of the order beside the one measured last; None without an order counted by weight."""
    if order is None or order.weight_kg is None:
        return None
    limits, last = pack_of(session).weight_rules, _weighing(session)
    return rules.Weighed(
        ordered_kg=number(order.weight_kg),
        actual=order.weight_basis == WeightBasis.ACTUAL,
        last_kg=last.weight.value if last else None,
        last_at=last.measured_at if last else None,
        days_valid=int(limits.days_valid.value),
        change_percent=limits.change_percent.value,
    )


@asked_once
def check_rows(session: Session, order: Order | None) -> list[SecondCheck]:
    """The independent checks of an order in this session that stand, oldest first.

    Where a further dose of the order may follow, each dose has a check of its own.
    """
    if order is None:
        return []
    errors = errors_of(session, EnteredInError.Kind.SECOND_CHECK)
    rows = [it for it in checks_in(session.id) if it.order_id == order.id and it.id not in errors]
    last = last_dose(order)
    if last is not None and next_dose(order) is not None:
        return [row for row in rows if row.at > last.at]
    return rows


@keyed_query
def checks_in(session: uuid.UUID) -> QuerySet[SecondCheck]:
    """Every independent check of a session, oldest first, also what was called an error."""
    return SecondCheck.objects.filter(session_id=session).order_by("at", "id")


def second_checks_of(session: Session, order: Order | None) -> tuple[rules.CheckMade, ...]:
    """The same, as the rules see them."""
    return tuple(rules.CheckMade(it.by_id, it.content_hash) for it in check_rows(session, order))
