"""Pure: when the sessions of a course are held, and what stands against another day, time or room.

A plan is agreed with the person and moves often. What it must keep is the order of the sessions and the
protocol's least time between two doses; a session that was held stands where it was held.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from openkap.courses.reasons import CoursesReason
from openkap.kernel.refusal import Objection


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """When and where one session is: the day, and the time and the room once they are agreed."""

    number: int
    day: date
    time: time | None = None
    room: uuid.UUID | None = None

    @property
    def in_record(self) -> str:
        """As the record keeps it."""
        at = self.time.strftime("%H:%M") if self.time else ""
        return " ".join(part for part in (self.day.isoformat(), at, str(self.room or "")) if part)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is known before sessions are moved.

    `plans` are those of the sessions that were not held, `held` the days of those that were. `rooms` are in
    use; `taken` is what other sessions are planned for.
    """

    plans: Mapping[int, SessionPlan]
    held: Mapping[int, date]
    rooms: Collection[uuid.UUID]
    taken: Collection[tuple[date, time, uuid.UUID]]
    hours_apart: int
    ended: bool
    dose_runs: bool


def changed(wanted: Sequence[SessionPlan], facts: PlanFacts) -> list[SessionPlan]:
    """What of it is another day, time or room than before."""
    return [plan for plan in wanted if plan != facts.plans.get(plan.number)]


def objections_to_moving(wanted: Sequence[SessionPlan], facts: PlanFacts, *, today: date) -> list[Objection]:
    """What stands against these days, times and rooms; each at the field it is about."""
    if facts.ended:
        return [CoursesReason.COURSE_ENDED()]
    if facts.dose_runs:
        return [CoursesReason.PLAN_STAYS()]
    known = [plan for plan in wanted if plan.number in facts.plans]
    objections = [_no_such(plan, facts) for plan in wanted if plan.number not in facts.plans]
    moved = changed(known, facts)
    if not moved and not objections:
        return [CoursesReason.PLAN_SAME()]
    for plan in moved:
        objections += _against(plan, facts, today=today)
    days = {number: plan.day for number, plan in facts.plans.items()} | dict(facts.held)
    days |= {plan.number: plan.day for plan in known}
    return objections + _out_of_order(days, facts)


def _no_such(plan: SessionPlan, facts: PlanFacts) -> Objection:
    if plan.number in facts.held:
        return CoursesReason.PLAN_HELD(f"day_{plan.number}", number=plan.number)
    return CoursesReason.NO_SUCH_SESSION(number=plan.number)


def _against(plan: SessionPlan, facts: PlanFacts, *, today: date) -> list[Objection]:
    objections = []
    if plan.day < today and plan.day != facts.plans[plan.number].day:
        objections.append(CoursesReason.PLAN_DAY_PAST(f"day_{plan.number}", number=plan.number))
    if plan.room is not None and plan.room not in facts.rooms:
        objections.append(CoursesReason.ROOM_NOT_OPEN(f"room_{plan.number}"))
    elif plan.room and plan.time and (plan.day, plan.time, plan.room) in facts.taken:
        clock = plan.time.strftime("%H:%M")
        objections.append(CoursesReason.ROOM_TAKEN(f"room_{plan.number}", day=plan.day, clock=clock))
    return objections


def _out_of_order(days: Mapping[int, date], facts: PlanFacts) -> list[Objection]:
    """Sessions follow one another by their numbers, a day apart at least, and the protocol's hours."""
    objections = []
    for (earlier, before), (number, after) in pairwise(sorted(days.items())):
        if number in facts.held:
            continue
        if after <= before:
            objections.append(
                CoursesReason.PLAN_ORDER(f"day_{number}", number=number, before=earlier, day=before)
            )
        elif after - before < timedelta(hours=facts.hours_apart):
            objections.append(
                CoursesReason.PLAN_TOO_CLOSE(
                    f"day_{number}", before=before, after=after, hours=facts.hours_apart
                )
            )
    return objections
