"""Two people: the order, and its independent check by somebody named for it. Pure (H02, H03, H06).

The check of order, vial and pump is made by a person whom the medical director has named as competent for
it, who neither signed the order nor starts the dose. It is bound to the order's words, and judged again at
the start.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection, unlisted


class Reason(StrEnum):
    """What stands against a check or a start because of the order and of who acts."""

    ORDER_MISSING = "ORDER_MISSING"
    ORDER_NOT_CURRENT = "ORDER_NOT_CURRENT"
    VIAL_CHANGED = "VIAL_CHANGED"
    SECOND_CHECK_MISSING = "SECOND_CHECK_MISSING"
    SECOND_CHECK_OLD = "SECOND_CHECK_OLD"
    CHECK_BY_PERSON = "CHECK_BY_PERSON"
    CHECK_BY_SAME = "CHECK_BY_SAME"
    CHECK_NOT_COMPETENT = "CHECK_NOT_COMPETENT"
    CHECK_BY_STARTER = "CHECK_BY_STARTER"
    NOT_READ = "NOT_READ"
    READ_DIFFERS = "READ_DIFFERS"
    START_BY_PERSON = "START_BY_PERSON"
    PROMISE_LATE = "PROMISE_LATE"
    PROMISE_GIVEN = "PROMISE_GIVEN"
    PROMISE_NAME = "PROMISE_NAME"
    WITNESS_MISSING = "WITNESS_MISSING"


@dataclass(frozen=True, slots=True)
class Order:
    """The signed order for this session."""

    signed: bool
    current: bool
    signed_by_id: uuid.UUID | None
    content_hash: str
    over_ceiling: tuple[Objection, ...] = ()
    vial_in_use: bool = True
    strength_mg_per_ml: Decimal = Decimal(0)
    rate_mg_per_h: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class SecondCheck:
    """The independent check of order, vial and pump by another person, bound to the order's content."""

    by_id: uuid.UUID | None
    content_hash: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the checker read off the vial and off the pump."""

    strength_mg_per_ml: Decimal | None
    rate_mg_per_h: Decimal | None


def objections_to_second_check(
    order: Order | None, *, by_id: uuid.UUID | None, competent: Mapping[uuid.UUID, str], seen: Seen
) -> list[Objection]:
    """Who may check an order, and whether vial and pump say what the order says (H02, H03)."""
    if order is None or not order.signed or not order.current:
        return [unlisted(Reason.ORDER_MISSING, "There is no signed, current order for this session.")]
    if by_id is None:
        return [unlisted(Reason.CHECK_BY_PERSON, "The check needs a signed-in person.")]
    objections = []
    if by_id == order.signed_by_id:
        text = "The check must be made by someone other than who signed the order."
        objections.append(unlisted(Reason.CHECK_BY_SAME, text))
    if by_id not in competent:
        objections.append(unlisted(Reason.CHECK_NOT_COMPETENT, not_competent(competent)))
    return objections + _what_was_read(order, seen)


def not_competent(competent: Mapping[uuid.UUID, str]) -> str:
    """Who may make the independent check, in words."""
    if not competent:
        return "Nobody is named for the independent check. The medical director names them under Duties."
    names = ", ".join(sorted(competent.values()))
    return f"The medical director has named for the independent check: {names}. One of them checks."


def _what_was_read(order: Order, seen: Seen) -> list[Objection]:
    objections = []
    for read, ordered, unit, what, name in (
        (seen.strength_mg_per_ml, order.strength_mg_per_ml, "mg/mL", "vial", "strength"),
        (seen.rate_mg_per_h, order.rate_mg_per_h, "mg/h", "pump", "rate"),
    ):
        if read is None:
            text = f"Type what the {what} says, in {unit}."
            objections.append(unlisted(Reason.NOT_READ, text, name))
        elif read != ordered:
            text = f"The {what} says {plain(read)} {unit}, the order {plain(ordered)} {unit}. Clear it up."
            objections.append(unlisted(Reason.READ_DIFFERS, text, name))
    return objections


def objections_to_order(
    order: Order | None,
    *,
    checks: Sequence[SecondCheck],
    competent: Mapping[uuid.UUID, str],
    by_id: uuid.UUID | None,
) -> list[Objection]:
    """What stands against the order, its independent check and the one who starts, at the start."""
    if order is None or not order.signed:
        return [unlisted(Reason.ORDER_MISSING, "There is no signed order for this session.")]
    objections = list(order.over_ceiling)
    if not order.current:
        text = "The order was changed or withdrawn. It must be signed again."
        objections.append(unlisted(Reason.ORDER_NOT_CURRENT, text))
    if not order.vial_in_use:
        text = "The vial of the order is no longer in the formulary. Order anew, and check again."
        objections.append(unlisted(Reason.VIAL_CHANGED, text))
    objections += _independent_check(checks, order, competent, by_id)
    if by_id is None:
        objections.append(unlisted(Reason.START_BY_PERSON, "Only a signed-in person starts a dose."))
    return objections


def _independent_check(
    checks: Sequence[SecondCheck], order: Order, competent: Mapping[uuid.UUID, str], by_id: uuid.UUID | None
) -> list[Objection]:
    """One check that holds is enough; of the others the reason is given that comes nearest to holding."""
    left = list(checks)
    for holds, reason, text in (
        (
            lambda it: True,
            Reason.SECOND_CHECK_MISSING,
            "Nobody has checked order, vial and pump independently.",
        ),
        (
            lambda it: it.content_hash == order.content_hash,
            Reason.SECOND_CHECK_OLD,
            "The order changed after it was checked. Check it again.",
        ),
        (
            lambda it: it.by_id is not None and it.by_id != order.signed_by_id,
            Reason.CHECK_BY_SAME,
            "The check must be made by someone other than who signed.",
        ),
        (lambda it: it.by_id in competent, Reason.CHECK_NOT_COMPETENT, not_competent(competent)),
        (
            lambda it: it.by_id != by_id,
            Reason.CHECK_BY_STARTER,
            "You made the independent check. Somebody else starts the dose, or another person checks too.",
        ),
    ):
        left = [check for check in left if holds(check)]
        if not left:
            return [unlisted(reason, text)]
    return []
