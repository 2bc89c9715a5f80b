"""Two people: the order, and its independent check by somebody named for it. Pure (H02, H03, H06).

The check of order, vial and pump is made by a person whom the medical director has named as competent for
it, who neither signed the order nor starts the dose. It is bound to the order's words, and judged again at
the start.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.dosing.phrases import DosingPhrase
from openkap.dosing.reasons import DosingReason
from openkap.kernel.quantity import MilligramsPerMillilitre
from openkap.kernel.refusal import Objection, Refused
from openkap.kernel.tablets import MilligramsPerTablet


@dataclass(frozen=True, slots=True)
class OrderToGive:
    """The signed order for this session. One that is no infusion has no rate."""

    signed: bool
    current: bool
    signed_by_id: uuid.UUID | None
    content_hash: str
    over_ceiling: tuple[Objection, ...] = ()
    vial_in_use: bool = True
    strength_mg_per_ml: Decimal = Decimal(0)
    rate_mg_per_h: Decimal | None = None
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class CheckMade:
    """The independent check of order, vial and pump by another person, bound to the order's content."""

    by_id: uuid.UUID | None
    content_hash: str


@dataclass(frozen=True, slots=True)
class ReadOff:
    """What the checker read off the vial and, at an infusion, off the pump."""

    strength_mg_per_ml: Decimal | None
    rate_mg_per_h: Decimal | None


def objections_to_second_check(
    order: OrderToGive | None, *, by_id: uuid.UUID | None, competent: Mapping[uuid.UUID, str], seen: ReadOff
) -> list[Objection]:
    """Who may check an order, and whether vial and pump say what the order says (H02, H03)."""
    if order is None or not order.signed or not order.current:
        return [DosingReason.ORDER_MISSING()]
    if by_id is None:
        return [DosingReason.CHECK_BY_PERSON()]
    objections = []
    if by_id == order.signed_by_id:
        objections.append(DosingReason.CHECK_BY_SAME())
    if by_id not in competent:
        objections.append(not_competent(competent))
    return objections + _what_was_read(order, seen)


def not_competent(competent: Mapping[uuid.UUID, str]) -> Objection:
    """Who may make the independent check."""
    if not competent:
        return DosingReason.NOBODY_COMPETENT()
    return DosingReason.CHECK_NOT_COMPETENT(names=sorted(competent.values()))


def _what_was_read(order: OrderToGive, seen: ReadOff) -> list[Objection]:
    objections = []
    unit, what = (
        (MilligramsPerTablet.unit, DosingPhrase.PACKET)
        if order.is_counted
        else (MilligramsPerMillilitre.unit, DosingPhrase.VIAL)
    )
    readings: list[tuple[Decimal | None, Decimal, str, DosingPhrase, str]] = [
        (seen.strength_mg_per_ml, order.strength_mg_per_ml, unit, what, "strength")
    ]
    if order.rate_mg_per_h is not None:
        readings.append((seen.rate_mg_per_h, order.rate_mg_per_h, "mg/h", DosingPhrase.PUMP, "rate"))
    for read, ordered, unit, what, name in readings:
        if read is None:
            objections.append(DosingReason.NOT_READ(name, what=what, unit=unit))
        elif read != ordered:
            objections.append(
                DosingReason.READ_DIFFERS(name, what=what, read=read, unit=unit, ordered=ordered)
            )
    return objections


def objections_to_order(
    order: OrderToGive | None,
    *,
    checks: Sequence[CheckMade],
    competent: Mapping[uuid.UUID, str],
    by_id: uuid.UUID | None,
) -> list[Objection]:
    """What stands against the order, its independent check and the one who starts, at the start."""
    if order is None or not order.signed:
        return [DosingReason.ORDER_MISSING()]
    objections = list(order.over_ceiling)
    if not order.current:
        objections.append(DosingReason.ORDER_NOT_CURRENT())
    if not order.vial_in_use:
        objections.append(DosingReason.VIAL_CHANGED())
    objections += _independent_check(checks, order, competent=competent, by_id=by_id)
    if by_id is None:
        objections.append(DosingReason.START_BY_PERSON())
    return objections


def _independent_check(
    checks: Sequence[CheckMade],
    order: OrderToGive,
    *,
    competent: Mapping[uuid.UUID, str],
    by_id: uuid.UUID | None,
) -> list[Objection]:
    """One check that holds is enough; of the others the reason is given that comes nearest to holding."""
    left = list(checks)
    for holds, against in (
        (lambda it: True, DosingReason.SECOND_CHECK_MISSING()),
        (lambda it: it.content_hash == order.content_hash, DosingReason.SECOND_CHECK_OLD()),
        (lambda it: it.by_id is not None and it.by_id != order.signed_by_id, DosingReason.CHECK_BY_SAME()),
        (lambda it: it.by_id in competent, not_competent(competent)),
        (lambda it: it.by_id != by_id, DosingReason.CHECK_BY_STARTER()),
    ):
        left = [check for check in left if holds(check)]
        if not left:
            return [against]
    return []


CHECK_AGAIN = frozenset(
    {
        DosingReason.SECOND_CHECK_MISSING,
        DosingReason.SECOND_CHECK_OLD,
        DosingReason.CHECK_BY_SAME,
        DosingReason.CHECK_NOT_COMPETENT,
        DosingReason.NOBODY_COMPETENT,
        DosingReason.CHECK_BY_STARTER,
    }
)


def order_missing() -> Refused:
    """A dose is one that was ordered."""
    return Refused(DosingReason.ORDER_MISSING())


def objections_to_giving(
    *, all_given: bool, last_at: datetime | None, apart_minutes: int, at: datetime
) -> list[Objection]:
    """Each dose of an order is given once, and not before its time since the one before (H05)."""
    if all_given:
        return [DosingReason.ORDER_GIVEN()]
    if last_at is None or at - last_at >= timedelta(minutes=apart_minutes):
        return []
    ago = int((at - last_at).total_seconds() // 60)
    return [DosingReason.NEXT_DOSE_EARLY(minutes=apart_minutes, ago=ago)]
