"""Marks: a reading that asks for a look, an act, or a stop.

Held against H08 (seen but not acted on) and H09 (too many alarms): three levels, no repeat for the same
cause while its mark is open, an acknowledgement that names the action and the time of the recheck, and
escalation to a second person when nobody answers. Each number is the clinic's to change. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from openkap.dosing.plausibility import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2
from openkap.kernel.evidence import Status


class Level(StrEnum):
    """How strongly a mark asks. The order is the order of urgency."""

    LOOK = "look"
    ACT = "act"
    STOP = "stop"

    @property
    def rank(self) -> int:
        """Higher is more urgent."""
        return list(Level).index(self)


class Side(StrEnum):
    """On which side of its limit a value is marked."""

    AT_LEAST = "at least"
    ABOVE = "above"
    AT_MOST = "at most"
    BELOW = "below"
    RISE = "rise of"
    FALL = "fall of"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold row of the pack: crossed by `repeats` readings in a row over `sustained_minutes`."""

    flag: str
    cause: str
    level: Level
    code: str
    side: Side
    limit: Decimal
    action: str
    rule: str = ""
    recheck_minutes: int = 5
    repeats: int = 1
    sustained_minutes: int = 0
    status: Status = Status.BACKGROUND
    source: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One plausible value and when it was measured."""

    code: str
    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """A threshold that is crossed now, by which value."""

    threshold: Threshold
    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A mark already raised: where it stands."""

    cause: str
    level: Level
    raised_at: datetime
    acknowledged_at: datetime | None = None
    recheck_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether the mark still asks for something."""
        return self.closed_at is None


WORDS = {
    SBP: ("systolic pressure", " mmHg"),
    DBP: ("diastolic pressure", " mmHg"),
    HEART_RATE: ("heart rate", "/min"),
    SPO2: ("saturation", " %"),
    BREATHING: ("breathing", "/min"),
    MOAAS: ("alertness", ""),
}


def findings(
    values: Iterable[Value], *, baseline: dict[str, Decimal], thresholds: Sequence[Threshold], at: datetime
) -> tuple[Finding, ...]:
    """What is crossed now: for each cause the most urgent threshold."""
    history: dict[str, list[Value]] = {}
    for value in sorted((one for one in values if one.at <= at), key=lambda one: one.at):
        history.setdefault(value.code, []).append(value)
    worst: dict[str, Finding] = {}
    for threshold in thresholds:
        found = _crossed(threshold, history.get(threshold.code, []), baseline.get(threshold.code))
        known = worst.get(threshold.cause)
        if found and (known is None or threshold.level.rank > known.threshold.level.rank):
            worst[threshold.cause] = found
    return tuple(sorted(worst.values(), key=lambda one: -one.threshold.level.rank))


def to_raise(found: Iterable[Finding], standing: Iterable[Standing]) -> tuple[Finding, ...]:
    """The findings that deserve a new mark: none for a cause already open at this level or a higher one."""
    open_ranks: dict[str, int] = {}
    for mark in standing:
        if mark.open:
            open_ranks[mark.cause] = max(open_ranks.get(mark.cause, -1), mark.level.rank)
    return tuple(one for one in found if one.threshold.level.rank > open_ranks.get(one.threshold.cause, -1))


def settled(mark: Standing, *, found: Iterable[Finding], latest: datetime | None) -> bool:
    """Whether an answered mark may close: measured again since the answer, and no longer crossed."""
    if mark.acknowledged_at is None or latest is None or latest <= mark.acknowledged_at:
        return False
    return all(one.threshold.cause != mark.cause for one in found)


def must_escalate(mark: Standing, *, after_seconds: int, at: datetime) -> bool:
    """Whether a second person must be told: nobody answered in time, or the promised recheck is overdue."""
    if not mark.open:
        return False
    patience = timedelta(seconds=after_seconds)
    if mark.acknowledged_at is None:
        return at >= mark.raised_at + patience
    return mark.recheck_at is not None and at >= mark.recheck_at + patience


def _crossed(threshold: Threshold, history: Sequence[Value], baseline: Decimal | None) -> Finding | None:
    if not history:
        return None
    relative = threshold.side in (Side.RISE, Side.FALL)
    if relative and baseline is None:
        return None
    run: list[Value] = []
    for value in reversed(history):
        if not _beyond(threshold, value.value, baseline):
            break
        run.append(value)
    if len(run) < threshold.repeats:
        return None
    if run[0].at - run[-1].at < timedelta(minutes=threshold.sustained_minutes):
        return None
    return Finding(threshold, run[0], _words(threshold, run[0], baseline))


def _beyond(threshold: Threshold, value: Decimal, baseline: Decimal | None) -> bool:
    base = baseline if baseline is not None else Decimal(0)
    return {
        Side.AT_LEAST: value >= threshold.limit,
        Side.ABOVE: value > threshold.limit,
        Side.AT_MOST: value <= threshold.limit,
        Side.BELOW: value < threshold.limit,
        Side.RISE: value - base >= threshold.limit,
        Side.FALL: base - value >= threshold.limit,
    }[threshold.side]


def _words(threshold: Threshold, value: Value, baseline: Decimal | None) -> str:
    name, unit = WORDS.get(threshold.code, (threshold.code, ""))
    if threshold.side is Side.RISE and baseline is not None:
        return f"{name} {value.value - baseline:f} above baseline"
    if threshold.side is Side.FALL and baseline is not None:
        return f"{name} {baseline - value.value:f} under baseline"
    return f"{name} {value.value:f}{unit}"
