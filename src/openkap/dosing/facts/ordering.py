"""The order of a session as the time-out judges it. Reads only."""

from __future__ import annotations

import hashlib

from openkap.courses import queries as courses
from openkap.courses.dose_rules import Regimen, over_ceiling
from openkap.courses.models import Order, WeightBasis
from openkap.dosing import rules
from openkap.dosing.facts.session import errors_of, pack_of
from openkap.dosing.facts.values import number
from openkap.dosing.models import EnteredInError, SecondCheck, Session


def hash_of(order_row: Order) -> str:
    """The order's very words as a SHA-256 in hex; a second check is bound to it."""
    return hashlib.sha256(order_row.content.encode()).hexdigest()


def order_row(session: Session) -> Order | None:
    """The order that stands for this session now."""
    return courses.current_order(session.planned_session_id)


def order(session: Session, row: Order | None) -> rules.Order | None:
    """The order as the rules see it."""
    if row is None:
        return None
    return rules.Order(
        signed=True,
        current=True,
        signed_by_id=row.by_id,
        content_hash=hash_of(row),
        over_ceiling=tuple(over_ceiling(_regimen(session, row), pack_of(session).ceiling)),
        vial_in_use=row.formulary_item.withdrawn_at is None,
        strength_mg_per_ml=row.strength_mg_per_ml,
        rate_mg_per_h=row.rate_mg_per_hour,
    )


def _regimen(session: Session, row: Order) -> Regimen:
    """The ordered dose by the weight measured last, so that an old weight hides no high dose (H04, H06)."""
    last = courses.weighing(session.patient)
    weight = last.weight.value if last else row.weight_kg
    first = row
    while first.continues is not None:
        first = first.continues  # the rest of an order is judged as the whole it is a part of
    return Regimen(first.dose_mg / weight, first.infusion_minutes)


def weighed(session: Session, row: Order | None) -> rules.Weighed | None:
    """The weight of the order beside the one measured last; None without an order."""
    if row is None:
        return None
    limits, last = pack_of(session).weight_rules, courses.weighing(session.patient)
    return rules.Weighed(
        ordered_kg=number(row.weight_kg),
        actual=row.weight_basis == WeightBasis.ACTUAL,
        last_kg=last.weight.value if last else None,
        last_at=last.measured_at if last else None,
        days_valid=int(limits["W_ACTUAL"].value),
        change_percent=limits["W_CHANGE"].value,
    )


def check_rows(session: Session, row: Order | None) -> list[SecondCheck]:
    """The independent checks of an order in this session that stand, oldest first."""
    if row is None:
        return []
    errors = errors_of(session, EnteredInError.Kind.SECOND_CHECK)
    rows = SecondCheck.objects.filter(session=session, order=row).exclude(id__in=errors)
    return list(rows.order_by("at", "id"))


def second_checks_of(session: Session, row: Order | None) -> tuple[rules.SecondCheck, ...]:
    """The same, as the rules see them."""
    return tuple(rules.SecondCheck(it.by_id, it.content_hash) for it in check_rows(session, row))
