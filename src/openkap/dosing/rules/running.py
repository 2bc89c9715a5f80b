"""May the drug run? What bars starting, going on and giving faster, and who may lift it. Pure.

H08, H10, H11: a mark that asks for an act or a stop bars, whatever its cause and whatever the status of its
row; status never weakens a protection. It is lifted by measuring again, or by a prescriber's decision that
names this very mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.dosing.reasons import DosingReason
from openkap.kernel.refusal import Objection
from openkap.protocols.limits import Interval
from openkap.watch.rules import OpenMark

PRESCRIBER, NURSE = "prescriber", "nurse"


def objections_to_running(marks: Sequence[OpenMark], *, consent_withdrawn: bool) -> list[Objection]:
    """Everything that bars a start, a resumption and a faster rate."""
    objections = []
    if consent_withdrawn:
        objections.append(DosingReason.CONSENT_WITHDRAWN())
    for mark in marks:
        if mark.bars:
            reason = DosingReason.MARK_OPEN if mark.confirmed else DosingReason.MARK_OPEN_NOT_CONFIRMED
            objections.append(reason("marks", text=mark.says, action=mark.action))
    return objections


def objections_to_interval(
    last_at: datetime | None, *, guard: Interval, agreed: bool, at: datetime
) -> list[Objection]:
    """Too soon after the last dose, in hours. `agreed`: a second prescriber signed about this very limit.

    A second signature given for another reason is not one about the interval (H05, H06).
    """
    if last_at is None or agreed or at - last_at >= timedelta(hours=guard.hours):
        return []
    hours = int((at - last_at).total_seconds() // 3600)
    return [DosingReason.TOO_SOON(hours=hours, text=guard.text)]


def objections_to_role(role: str) -> list[Objection]:
    """Pausing and stopping is everyone's; the drug runs and ends by a nurse or a prescriber."""
    if role in (NURSE, PRESCRIBER):
        return []
    return [DosingReason.BEDSIDE_ONLY()]


def objections_to_rate(
    wanted_mg_per_h: Decimal, *, ordered_mg_per_h: Decimal, now_mg_per_h: Decimal, barred: list[Objection]
) -> list[Objection]:
    """A rate never exceeds the order; a higher one than now is barred like going on. Slower is free."""
    objections = list(barred) if wanted_mg_per_h > now_mg_per_h else []
    if wanted_mg_per_h > ordered_mg_per_h:
        objections.append(DosingReason.RATE_OVER_ORDER("rate_mg_per_h", most=ordered_mg_per_h))
    return objections


def objections_to_why(why: str) -> list[Objection]:
    """Another rate than the ordered one has a reason."""
    return [] if why.strip() else [DosingReason.WHY_RATE_MISSING("why")]
