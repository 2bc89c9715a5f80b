"""The timed checks of a session: which are done, due, overdue or missed at a given moment.

A pure function of facts and of `at`, so a restart, a second screen or a jump of the clock changes nothing
(hazard H07). How the windows work is told in docs/algorithms/checks-and-marks.md. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from openkap.kernel.evidence import Status
from openkap.kernel.statement import Stated
from openkap.kernel.wording import shown
from openkap.watch.phrases import WatchPhrase
from openkap.watch.statements import CheckTitle

PRESSURE, SATURATION, RATE, ALERTNESS = "pressure", "saturation", "rate", "alertness"
VITALS = (PRESSURE, RATE, SATURATION)
KINDS = {
    PRESSURE: WatchPhrase.BLOOD_PRESSURE,
    RATE: WatchPhrase.HEART_RATE,
    SATURATION: WatchPhrase.SATURATION,
    ALERTNESS: WatchPhrase.ALERTNESS_ALONE,
}
CHECKS_SHOWN_MAX = 400
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class CheckSchedule:
    """A monitoring row of the protocol pack, as numbers."""

    id: str
    grace_minutes: int
    early_minutes: int
    before_within_minutes: int
    during_every_minutes: int | None = None
    after_every_minutes: int | None = None
    at_minutes: tuple[int, ...] = ()
    counts_from: str = "start"
    what: tuple[str, ...] = (*VITALS, ALERTNESS)
    status: Status = Status.DESIGN_DEFAULT
    confirmed: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When the session opened, when the dose began and ended, and when the person left."""

    opened_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakenCheck:
    """Something measured and charted as true: what, and when it was measured."""

    what: str
    at: datetime


class CheckState(StrEnum):
    """Where a check stands."""

    WAITING = "waiting"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    MISSED = "missed"


OPEN = (CheckState.OVERDUE, CheckState.DUE, CheckState.WAITING)


@dataclass(frozen=True, slots=True)
class Check:
    """One timed check, seen at a moment."""

    key: str
    title: Stated
    due_at: datetime
    state: CheckState
    missing: tuple[str, ...] = ()

    @property
    def what_is_missing(self) -> list[str]:
        """What has not been measured yet, in words."""
        return [shown(KINDS[what]) for what in self.missing]

    done_at: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether it was taken, but after its time."""
        return self.done_at is not None and self.done_at > self.due_at


@dataclass(frozen=True, slots=True)
class _Planned:
    """A check in the plan: taken between `opens_at` and `closes_at` (None while nothing closes it)."""

    key: str
    title: Stated
    due_at: datetime
    opens_at: datetime
    closes_at: datetime | None
    presses: bool = True


def checks_at(
    course: SessionTimes, schedule: CheckSchedule, *, taken: Iterable[TakenCheck], at: datetime
) -> tuple[Check, ...]:
    """Every check planned up to `at` and the next one, with its state. Ordered by due time."""
    known = sorted((fact for fact in taken if fact.at <= at), key=lambda fact: fact.at)
    return tuple(
        _seen(one, schedule=schedule, known=known, at=at) for one in _planned(course, schedule, at=at)
    )


def next_due(checks: Sequence[Check]) -> Check | None:
    """The check someone must take now or next: what is overdue comes before what is due or waiting."""
    return min(
        (check for check in checks if check.state in OPEN), key=lambda check: check.due_at, default=None
    )


def unmeasured(checks: Sequence[Check], *, last_taken: Mapping[str, datetime]) -> tuple[Check, ...]:
    """The checks that went by and whose gap nobody has closed since: late ones, and those missed for good.

    A missed check is past mending, but what it asked for is still not known: it presses until that has been
    measured at some time after it was due (H07).
    """
    pressing = (
        one for one in checks if one.state in (CheckState.OVERDUE, CheckState.MISSED) and one.key != BEFORE
    )
    open_gaps = []
    for one in pressing:
        missing = tuple(what for what in one.missing if not _taken_after(last_taken.get(what), one.due_at))
        if missing:
            open_gaps.append(replace(one, missing=missing))
    return tuple(open_gaps)


def _taken_after(when: datetime | None, due_at: datetime) -> bool:
    return when is not None and when >= due_at


def _planned(course: SessionTimes, schedule: CheckSchedule, *, at: datetime) -> list[_Planned]:
    """The plan as it stands at `at`: before the dose, while it runs, at its end, and after."""
    within = timedelta(minutes=schedule.before_within_minutes)
    opens = (course.started_at or at) - within
    plan = [_Planned(BEFORE, CheckTitle.BEFORE(), course.opened_at, opens, course.started_at, presses=False)]
    if course.started_at is None:
        return plan
    if schedule.at_minutes:
        anchor = course.started_at if schedule.counts_from == "start" else course.ended_at
        return plan + (_fixed(anchor, course, schedule=schedule, at=at) if anchor else [])
    plan += _during(course.started_at, course, schedule=schedule, at=at)
    if course.ended_at is not None:
        plan += _from_end(course.ended_at, course, schedule=schedule, at=at)
    return plan


def _fixed(
    anchor: datetime, course: SessionTimes, *, schedule: CheckSchedule, at: datetime
) -> list[_Planned]:
    """Checks at set minutes after the dose: all up to now, and the next one."""
    until = min(course.left_at or at, at)
    minutes = sorted(schedule.at_minutes)
    due_now = [minute for minute in minutes if anchor + timedelta(minutes=minute) <= until]
    shown = minutes[: len(due_now) + (course.left_at is None)]
    return _row(
        "after",
        CheckTitle.AFTER_DOSE,
        anchor=anchor,
        minutes=shown,
        early=schedule.early_minutes,
        last=course.left_at,
    )


def _during(
    started_at: datetime, course: SessionTimes, *, schedule: CheckSchedule, at: datetime
) -> list[_Planned]:
    every = schedule.during_every_minutes
    if not every:
        return []
    until = min(course.ended_at or at, at)
    count = min(_steps(until - started_at, every), CHECKS_SHOWN_MAX)
    if course.ended_at is None:
        count += 1
    minutes = [every * number for number in range(1, count + 1)]
    if course.ended_at is not None:
        minutes = [one for one in minutes if started_at + timedelta(minutes=one) < course.ended_at]
    row = _row(
        "during",
        CheckTitle.AFTER_START,
        anchor=started_at,
        minutes=minutes,
        early=schedule.early_minutes,
        last=None,
    )
    return [*row[:-1], replace(row[-1], closes_at=course.ended_at)] if row else []


def _from_end(
    ended_at: datetime, course: SessionTimes, *, schedule: CheckSchedule, at: datetime
) -> list[_Planned]:
    """The check at the end, which a reading just before it may serve, and those until the person leaves."""
    early, every = schedule.early_minutes, schedule.after_every_minutes
    count = min(_steps(min(course.left_at or at, at) - ended_at, every), CHECKS_SHOWN_MAX) if every else 0
    if every and course.left_at is None:
        count += 1
    minutes = [(every or 0) * number for number in range(1, count + 1)]
    row = _row(
        "after", CheckTitle.AFTER_END, anchor=ended_at, minutes=minutes, early=early, last=course.left_at
    )
    closes = row[0].opens_at if row else course.left_at
    opens = ended_at - timedelta(minutes=early)
    return [_Planned("end", CheckTitle.AT_END(), ended_at, opens, closes), *row]


def _row(
    key: str,
    title: CheckTitle,
    *,
    anchor: datetime,
    minutes: Sequence[int],
    early: int,
    last: datetime | None,
) -> list[_Planned]:
    """Checks at these minutes after the anchor, each open until the next one opens, and till it is due."""
    due = [anchor + timedelta(minutes=minute) for minute in minutes]
    opens = [
        moment - min(timedelta(minutes=early), moment - earlier or timedelta(minutes=early))
        for earlier, moment in zip([anchor, *due], due, strict=False)
    ]
    return [
        _Planned(f"{key}:{minute}", title(minutes=minute), moment, start, close)
        for minute, moment, start, close in zip(minutes, due, opens, [*opens[1:], last], strict=False)
    ]


def _steps(span: timedelta, every_minutes: int) -> int:
    return max(int(span // timedelta(minutes=every_minutes)), 0)


def _seen(one: _Planned, *, schedule: CheckSchedule, known: Sequence[TakenCheck], at: datetime) -> Check:
    """A check is done when everything it asks for was measured while it was open."""
    firsts = {what: _first(what, one, known=known) for what in schedule.what}
    missing = tuple(what for what, when in firsts.items() if when is None)
    if not missing:
        times = [when for when in firsts.values() if when is not None]
        return Check(one.key, one.title, one.due_at, CheckState.DONE, done_at=max(times, default=one.due_at))
    return Check(one.key, one.title, one.due_at, _open_state(one, schedule, at=at), missing)


def _first(what: str, one: _Planned, *, known: Sequence[TakenCheck]) -> datetime | None:
    fits = (
        fact.at
        for fact in known
        if fact.what == what
        and fact.at >= one.opens_at
        and (one.closes_at is None or fact.at < one.closes_at)
    )
    return next(fits, None)


def _open_state(one: _Planned, schedule: CheckSchedule, *, at: datetime) -> CheckState:
    if one.closes_at is not None and at >= one.closes_at:
        return CheckState.MISSED
    if at < one.due_at:
        return CheckState.WAITING
    if not one.presses or at < one.due_at + timedelta(minutes=schedule.grace_minutes):
        return CheckState.DUE
    return CheckState.OVERDUE
