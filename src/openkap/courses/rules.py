"""Pure: the plan of a course, its stages and gates, and the next step with every reason it must wait.

The order of stages is referral, screening, consent, preparation, then a dose and its integration for each
session, then follow-up. That an integration comes before the next dose is a default of this software.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from openkap.courses.reasons import CoursesReason
from openkap.kernel.refusal import Objection
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _
from openkap.protocols.pack import Pack

COURSE_GATES = frozenset({"preparation_done", "follow_up_planned"})
SESSION_GATES = frozenset({"dosing_done", "integration_done"})


@dataclass(frozen=True, slots=True)
class SessionState:
    """What is known of one session of the plan."""

    number: int
    planned_on: date
    planned_time: time | None = None
    gates: frozenset[str] = frozenset()
    has_order: bool = False
    order_needs_second: bool = False
    dosed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CourseState:
    """What is known of a course; everything a gate asks for."""

    sessions: tuple[SessionState, ...]
    screening_outcome: str = ""
    screening_valid_until: date | None = None
    screening_needs_second: bool = False
    screening_news: tuple[str, ...] = ()
    consent_valid: bool = False
    gates: frozenset[str] = frozenset()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage is called, and who takes it."""

    label: str
    who: str


STAGES = {
    "referral": Stage(_("Referral taken in"), "coordinator"),
    "screening": Stage(_("Screening signed"), "prescriber"),
    "consent": Stage(_("Consent signed"), "patient"),
    "preparation": Stage(_("Preparation"), "therapist"),
    "dosing": Stage(_("Dosing {number}"), "nurse"),
    "integration": Stage(_("Integration {number}"), "therapist"),
    "follow_up": Stage(_("Follow-up"), "coordinator"),
}


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One stage of the course (of `STAGES`), whether it is done, and what stands in its way."""

    key: str
    done: bool
    session_number: int | None = None
    planned_on: date | None = None
    planned_time: time | None = None
    blocks: tuple[Objection, ...] = field(default=())

    @property
    def label(self) -> str:
        """What the stage is called, in the reader's language."""
        return render(STAGES[self.key].label, {"number": self.session_number})

    @property
    def who(self) -> str:
        """The role that takes the step."""
        return STAGES[self.key].who

    def is_late(self, today: date) -> bool:
        """Whether the day of a dose has passed without it: somebody has to agree on another."""
        waits = self.key == "dosing" and not self.done
        return waits and self.planned_on is not None and self.planned_on < today

    @property
    def is_free(self) -> bool:
        """Whether the step could be taken now."""
        return not self.done and not self.blocks


def _hours_apart(pack: Pack) -> int:
    """The least hours between two doses; a protocol without an interval goes by its sessions a week alone."""
    return pack.interval.hours if pack.interval else 0


def planned_dates(*, first_day: date, per_week: int, pack: Pack) -> list[date]:
    """The days of all sessions: on working days, at least the guard's interval apart."""
    guard_days = -(-_hours_apart(pack) // 24)
    gap = max(guard_days, 7 // (per_week + 1)) if per_week < 3 else guard_days
    days: list[date] = []
    day = first_day
    while len(days) < pack.schedule.sessions:
        week = [other for other in days if other.isocalendar()[:2] == day.isocalendar()[:2]]
        far_enough = not days or (day - days[-1]).days >= gap
        if day.weekday() < 5 and far_enough and len(week) < per_week:
            days.append(day)
        day += timedelta(days=1)
    return days


def objections_to_plan(days: Sequence[date], *, pack: Pack, today: date) -> list[Objection]:
    """What stands against a plan: too close, too long, in the past, not the number of sessions."""
    objections = []
    hours = _hours_apart(pack)
    if len(days) != pack.schedule.sessions:
        objections.append(CoursesReason.SESSIONS_DIFFER(sessions=pack.schedule.sessions, days=len(days)))
    if days and days[0] < today:
        objections.append(CoursesReason.FIRST_DAY_PAST("first_day"))
    for before, after in pairwise(days):
        if (after - before) < timedelta(hours=hours):
            objections.append(
                CoursesReason.PLAN_TOO_CLOSE("first_day", before=before, after=after, hours=hours)
            )
    limit = pack.schedule.weeks[1] * 7
    if days and (days[-1] - days[0]).days >= limit + 7:
        objections.append(CoursesReason.PLAN_TOO_LONG("per_week", limit=limit))
    return objections


def objections_to_pace(per_week: int, *, pack: Pack) -> list[Objection]:
    """The pace must be one the pack knows."""
    low, high = pack.schedule.per_week
    if low <= per_week <= high:
        return []
    return [CoursesReason.PACE_OUT_OF_RANGE("per_week", low=low, high=high)]


def steps(state: CourseState, *, today: date) -> tuple[CourseStep, ...]:
    """Every stage of the course in order, each with what blocks it today."""
    need_screening = screening_blocks(state, today=today)
    prepared = "preparation_done" in state.gates
    listed = [
        CourseStep("referral", done=True),
        CourseStep("screening", done=not need_screening),
        _step("consent", done=state.consent_valid, blocks=need_screening),
        _step("preparation", done=prepared, blocks=_need_consent(state)),
    ]
    for place, session in enumerate(state.sessions):
        before = state.sessions[place - 1] if place else None
        listed += _session_steps(state, session, before=before, today=today)
    unfinished = [s for s in state.sessions if "integration_done" not in s.gates]
    waiting = [CoursesReason.SESSIONS_OPEN()] if unfinished else []
    listed.append(_step("follow_up", done="follow_up_planned" in state.gates, blocks=waiting))
    return tuple(listed)


def _step(
    key: str, *, done: bool, blocks: list[Objection], session: SessionState | None = None
) -> CourseStep:
    return CourseStep(
        key=key,
        done=done,
        session_number=session.number if session else None,
        planned_on=session.planned_on if session else None,
        planned_time=session.planned_time if session else None,
        blocks=() if done else tuple(blocks),
    )


def _session_steps(
    state: CourseState, session: SessionState, *, before: SessionState | None, today: date
) -> list[CourseStep]:
    dosed, integrated = "dosing_done" in session.gates, "integration_done" in session.gates
    blocks = dosing_blocks(state, session, before=before, today=today)
    if session.planned_on > today:
        blocks.append(CoursesReason.NOT_THE_DAY(day=session.planned_on))
    need_dose = [] if dosed else [CoursesReason.SESSION_NOT_HELD(number=session.number)]
    return [
        _step("dosing", done=dosed, blocks=blocks, session=session),
        _step("integration", done=integrated, blocks=need_dose, session=session),
    ]


_SCREENED = {"defer": CoursesReason.SCREENED_NOT_NOW, "exclude": CoursesReason.SCREENED_EXCLUDED}


def screening_blocks(state: CourseState, *, today: date) -> list[Objection]:
    """Why screening does not yet allow treatment."""
    if not state.screening_outcome:
        return [CoursesReason.NOT_SCREENED()]
    if state.screening_outcome not in ("eligible", "conditional"):
        return [_SCREENED[state.screening_outcome]()]
    objections = []
    if state.screening_needs_second:
        objections.append(CoursesReason.SCREENING_NEEDS_SECOND())
    for text in state.screening_news:
        objections.append(CoursesReason.SCREENING_NEWS(text=text))
    if state.screening_valid_until is not None and today > state.screening_valid_until:
        objections.append(CoursesReason.SCREENING_EXPIRED(until=state.screening_valid_until))
    return objections


def _need_consent(state: CourseState) -> list[Objection]:
    if state.consent_valid:
        return []
    return [CoursesReason.NO_CONSENT()]


def dosing_blocks(
    state: CourseState, session: SessionState, *, before: SessionState | None, today: date
) -> list[Objection]:
    """Every reason why this session's dose may not be given, apart from its date."""
    objections = screening_blocks(state, today=today) + _need_consent(state)
    if state.ended:
        objections.append(CoursesReason.COURSE_ENDED())
    if "preparation_done" not in state.gates:
        objections.append(CoursesReason.NOT_PREPARED())
    if not session.has_order:
        objections.append(CoursesReason.NO_ORDER(number=session.number))
    elif session.order_needs_second:
        objections.append(CoursesReason.ORDER_NEEDS_SECOND())
    if before is not None and "dosing_done" not in before.gates:
        objections.append(CoursesReason.EARLIER_NOT_HELD(number=before.number))
    elif before is not None and "integration_done" not in before.gates:
        objections.append(CoursesReason.NOT_INTEGRATED(number=before.number))
    return objections


def next_step(state: CourseState, *, today: date) -> CourseStep | None:
    """The first stage that is not done, with every reason it must wait; None when all is done."""
    return next((step for step in steps(state, today=today) if not step.done), None)


def objections_to_gate(gate: str, *, session_number: int | None) -> list[Objection]:
    """A gate is one we know, with a session exactly when it belongs to one."""
    if gate in COURSE_GATES and session_number is None:
        return []
    if gate in SESSION_GATES and session_number is not None:
        return []
    return [CoursesReason.NO_SUCH_GATE(gate=gate)]
