"""The stages of a course as its page draws them: state, day, room and order, and where each leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from openkap.courses.models import Course, Order, PlannedSession
from openkap.courses.rules import CourseStep
from openkap.ui import links


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: where it is done, and of a dose its session of the plan and the order that stands."""

    step: CourseStep
    address: str
    session: PlannedSession | None
    order: Order | None


def lines_of(
    steps: Sequence[CourseStep],
    course: Course,
    *,
    sessions: Sequence[PlannedSession],
    orders: Sequence[Order],
) -> list[StageLine]:
    """Every stage of the course, in order. `orders` are the newest first."""
    by_number = {session.number: session for session in sessions}
    standing = {it.planned_session_id: it for it in reversed(orders) if not it.withdrawals.all()}
    lines = []
    for step in steps:
        session = by_number.get(step.session_number or 0) if step.key == "dosing" else None
        order = standing.get(session.id) if session else None
        lines.append(StageLine(step, address(step, course), session, order))
    return lines


def address(step: CourseStep, course: Course) -> str:
    """The page on which this stage of the course is done."""
    if step.key in ("screening", "consent"):
        page = {"screening": "screening:screening", "consent": "consent:document"}[step.key]
        return reverse(page, args=[course.patient_id])
    if step.key == "dosing":
        return reverse("courses:course", args=[course.id])
    if step.key == "follow_up":
        return links.to("check_ins", course.patient_id)
    return links.to(step.key, course.id)
