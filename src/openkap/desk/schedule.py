"""The sessions of a week: who comes when, to which room, among the people in one's care."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openkap.accounts.actor import Actor
from openkap.courses import plan_queries
from openkap.courses.models import PlannedSession
from openkap.people import queries as people
from openkap.watch import queries as watch_queries

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One session of the plan, and how it stands."""

    row: PlannedSession
    held_at: datetime | None
    room_id: uuid.UUID | None  # of the session that runs
    has_passed: bool

    @property
    def state(self) -> str:
        """Held, running, passed without being held, still without a time, or planned."""
        if self.held_at is not None and self.room_id is None:
            return "held"
        if self.room_id is not None:
            return "now"
        if self.has_passed:
            return "passed"
        return "planned" if self.row.planned_time else "untimed"


@dataclass(frozen=True, slots=True)
class ScheduleDay:
    """One day and its sessions, the earliest first."""

    on: date
    is_today: bool
    lines: tuple[ScheduleLine, ...]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week(actor: Actor, *, monday: date, today: date) -> list[ScheduleDay]:
    """Every day of this week, with the sessions of the people this actor may open."""
    last = monday + WEEK - timedelta(days=1)
    rows = plan_queries.planned_between(people.visible_to(actor), first=monday, last=last)
    running = {session.planned_session_id: session.id for session in watch_queries.open_sessions()}
    days = [monday + timedelta(days=number) for number in range(WEEK.days)]
    return [ScheduleDay(on, on == today, _lines(rows, running, on=on, today=today)) for on in days]


def _lines(
    rows: Collection[PlannedSession], running: dict[uuid.UUID, uuid.UUID], *, on: date, today: date
) -> tuple[ScheduleLine, ...]:
    return tuple(
        ScheduleLine(row, row.held_at, running.get(row.id), row.planned_on < today)  # type: ignore[attr-defined]
        for row in rows
        if row.planned_on == on
    )
