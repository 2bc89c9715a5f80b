"""What stands against charting a value, an adverse event, a remark. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from openkap.kernel import measured
from openkap.kernel.refusal import Conflict, Objection
from openkap.watch.reasons import WatchReason

GRADES = range(1, 6)  # CTCAE grades an adverse event from 1 to 5


def objections_to_moment(
    when: datetime,
    *,
    at: datetime,
    clock_may_be_ahead: timedelta,
    not_before: datetime,
    closed_at: datetime | None,
) -> list[Objection]:
    """A value belongs to the session it was measured in; a clock that is far off is not believed (H27)."""
    if measured.objections_to_time(when, at=at, tolerance=clock_may_be_ahead):
        return [WatchReason.CLOCK_AHEAD("measured_at")]
    if when < not_before:
        return [WatchReason.BEFORE_SESSION("measured_at")]
    if closed_at is not None and when > closed_at:
        return [WatchReason.AFTER_CLOSE()]
    return []


def objections_to_values(codes: Collection[str], *, known: Collection[str]) -> list[Objection]:
    """Something was measured, and the room knows what it is."""
    objections = [] if codes else [WatchReason.NOTHING_MEASURED()]
    return objections + [WatchReason.UNKNOWN_READING(code=code) for code in codes if code not in known]


def other_value() -> Conflict:
    """One key names one reading for ever (hazard H24)."""
    return Conflict(WatchReason.SENT_WITH_OTHER_VALUE())


def other_content() -> Conflict:
    """One key names one entry for ever (hazard H24)."""
    return Conflict(WatchReason.SENT_WITH_OTHER_CONTENT())


def objections_to_adverse_event(*, term: str, grade: int) -> list[Objection]:
    """An adverse event has a name and a grade."""
    objections = [] if term.strip() else [WatchReason.TERM_MISSING("term")]
    if grade not in GRADES:
        objections.append(WatchReason.GRADE_OUT_OF_RANGE("grade"))
    return objections


def objections_to_remark(text: str, *, are_their_words: bool, agreed: bool) -> list[Objection]:
    """A person's words are written down only when they agreed to it beforehand."""
    objections = [] if text.strip() else [WatchReason.REMARK_EMPTY("text")]
    if are_their_words and not agreed:
        objections.append(WatchReason.WORDS_NOT_AGREED("agreed"))
    return objections


def objections_to_unit(code: str, unit: str, *, expected: str | None) -> list[Objection]:
    """A value's unit is the one the room keeps that reading in (hazard H32)."""
    if unit == expected:
        return []
    if not unit:
        return [WatchReason.UNIT_MISSING("unit", code=code)]
    return [WatchReason.UNIT_DIFFERS("unit", code=code, unit=unit)]
