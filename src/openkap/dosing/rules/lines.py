"""The time-out as one list, read from the top: what stands against the start, line by line. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from openkap.dosing.reasons import DosingReason
from openkap.kernel.refusal import Objection

# In the order in which a team goes through them; the last takes whatever belongs to no other.
LINES = ("order", "medicines", "today", "home", "vitals", "start")
_REASONS = {
    "order": {
        DosingReason.ORDER_MISSING,
        DosingReason.ORDER_GIVEN,
        DosingReason.NEXT_DOSE_EARLY,
        DosingReason.SECOND_CHECK_MISSING,
        DosingReason.SECOND_CHECK_OLD,
        DosingReason.CHECK_BY_SAME,
        DosingReason.CHECK_BY_STARTER,
        DosingReason.CHECK_NOT_COMPETENT,
        DosingReason.NOBODY_COMPETENT,
        DosingReason.WEIGHT_MISSING,
        DosingReason.WEIGHT_OLD,
        DosingReason.WEIGHT_CHANGED,
    },
    "medicines": {DosingReason.ALLERGIES_NOT_ASKED, DosingReason.MEDICINES_NOT_REVIEWED},
    "today": {
        DosingReason.DAY_NOT_ASKED,
        DosingReason.DAY_NOT_ASKED_MANY,
        DosingReason.DAY_AGAINST,
        DosingReason.DAY_BLOCKS,
    },
    "home": {DosingReason.ESCORT_MISSING, DosingReason.NO_DRIVE_NOT_SIGNED},
    "vitals": {
        DosingReason.PREDOSE_MISSING,
        DosingReason.BP_HOLD,
        DosingReason.BP_ELEVATED_REPEAT,
        DosingReason.BP_ELEVATED_PREDOSE,
    },
}
_LINE_OF = {reason: line for line, reasons in _REASONS.items() for reason in reasons}


def line_of(objection: Objection) -> str:
    """The line of the list it is about."""
    reason = objection.reason
    return _LINE_OF.get(reason, LINES[-1]) if isinstance(reason, DosingReason) else LINES[-1]


def by_line(objections: Iterable[Objection]) -> dict[str, list[Objection]]:
    """What stands against each line."""
    told: dict[str, list[Objection]] = {line: [] for line in LINES}
    for objection in objections:
        told[line_of(objection)].append(objection)
    return told


def next_line(told: dict[str, list[Objection]]) -> str:
    """The first line that is not ready; the start where all are."""
    return next((line for line in LINES if told[line]), LINES[-1])
