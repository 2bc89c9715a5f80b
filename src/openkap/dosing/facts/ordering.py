"""The order of a session as the time-out judges it. Reads only."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from openkap.courses import counting
from openkap.courses import queries as courses
from openkap.courses.dose_rules import DoseSize, over_ceiling
from openkap.courses.models import Order, OrderedDose, WeightBasis
from openkap.courses.regimen import InfusionRegimen
from openkap.dosing import rules
from openkap.dosing.models import Dose, SecondCheck
from openkap.kernel.quantity import Kilograms, Milligrams
from openkap.tenancy.asked import asked_once
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


def order(session: Session, row: Order | None) -> rules.OrderToGive | None:
    """The order as the rules see it."""
    if row is None:
        return None
    return rules.OrderToGive(
        signed=True,
        current=True,
        signed_by_id=row.by_id,
        content_hash=hash_of(row),
        over_ceiling=tuple(over_ceiling(_size(session, row), pack_of(session).ceiling)),
        vial_in_use=row.formulary_item.withdrawn_at is None,
        strength_mg_per_ml=row.strength_mg_per_ml,
        rate_mg_per_h=rate_of(row),
    )


@asked_once
def last_dose(row: Order) -> Dose | None:
    """The dose of an order that was given last."""
    return Dose.objects.filter(order=row).order_by("-number").first()


@asked_once
def next_dose(row: Order | None) -> OrderedDose | None:
    """The dose of an order that is to be given next; None once all of them have begun."""
    if row is None:
        return None
    last = last_dose(row)
    return row.ordered_doses.filter(number=last.number + 1 if last else 1).first()


def rate_of(row: Order) -> Decimal | None:
    """The ordered rate in mg/h; None where the order is no infusion."""
    return row.regimen.rate.value if isinstance(row.regimen, InfusionRegimen) else None


def _weighing(session: Session) -> counting.Weighing | None:
    """The weight measured last."""
    return once(session, "weighing", ask=lambda: courses.weighing(session.patient))


def _size(session: Session, row: Order) -> DoseSize:
    """The ordered dose by the weight measured last, so that an old weight hides no high dose (H04, H06)."""
    last = _weighing(session)
    weight = last.weight if last else Kilograms(row.weight_kg) if row.weight_kg else None
    first = row
    while first.continues is not None:
        first = first.continues  # the rest of an order is judged as the whole it is a part of
    regimen = first.regimen
    return DoseSize(
        first.dose_mg,
        Milligrams(first.dose_mg).per(weight).value if weight else None,
        regimen.minutes.value if isinstance(regimen, InfusionRegimen) else None,
    )


def weighed(session: Session, row: Order | None) -> rules.Weighed | None:
    """The weight of the order beside the one measured last; None without an order counted by weight."""
    if row is None or row.weight_kg is None:
        return None
    limits, last = pack_of(session).weight_rules, _weighing(session)
    return rules.Weighed(
        ordered_kg=number(row.weight_kg),
        actual=row.weight_basis == WeightBasis.ACTUAL,
        last_kg=last.weight.value if last else None,
        last_at=last.measured_at if last else None,
        days_valid=int(limits.days_valid.value),
        change_percent=limits.change_percent.value,
    )


@asked_once
def check_rows(session: Session, row: Order | None) -> list[SecondCheck]:
    """The independent checks of an order in this session that stand, oldest first.

    Where a further dose of the order may follow, each dose has a check of its own.
    """
    if row is None:
        return []
    errors = errors_of(session, EnteredInError.Kind.SECOND_CHECK)
    rows = SecondCheck.objects.filter(session=session, order=row).exclude(id__in=errors)
    last = last_dose(row)
    if last is not None and next_dose(row) is not None:
        rows = rows.filter(at__gt=last.at)
    return list(rows.order_by("at", "id"))


def second_checks_of(session: Session, row: Order | None) -> tuple[rules.CheckMade, ...]:
    """The same, as the rules see them."""
    return tuple(rules.CheckMade(it.by_id, it.content_hash) for it in check_rows(session, row))
