"""What courses tells in a person's chart: courses that were opened and ended, and the orders."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.courses import queries
from openkap.courses.models import Course, Order
from openkap.kernel.quantity import plain
from openkap.ui.timeline import TimelineEntry

ASKS = (queries.all_of_patient, queries.orders_of_patient)


def courses(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every course: when it was opened, and why it ended."""
    return [entry for course in queries.all_of_patient(patient_id) for entry in _course(course)]


def _course(course: Course) -> list[TimelineEntry]:
    links = ((reverse("courses:course", args=[course.id]), _("The course")),)
    goal = (f"“{course.goal}”",) if course.goal else ()
    entries = [
        TimelineEntry(at=course.at, title=_("Course opened"), by=course.by_name, lines=goal, links=links)
    ]
    if course.ended_at:
        why = (course.end_reason,) if course.end_reason else ()
        entries.append(TimelineEntry(at=course.ended_at, title=_("Course ended"), lines=why, links=links))
    return entries


def orders(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every order; one that was taken back, struck through with the reason."""
    return [_order(order) for order in queries.orders_of_patient(patient_id)]


def _order(order: Order) -> TimelineEntry:
    second: str | None = order.second_name  # type: ignore[attr-defined]
    back: str | None = order.back_why  # type: ignore[attr-defined]
    seconds = [_("Signed second by %(name)s.") % {"name": second}] if second else []
    told = {"number": order.planned_session.number, "mg": plain(order.dose_mg)}
    return TimelineEntry(
        at=order.at,
        title=_("Order for session %(number)s: %(mg)s mg") % told,
        by=order.by_name,
        lines=tuple(line for line in (order.reason, *seconds) if line),
        struck=back or "",
        links=((reverse("courses:course", args=[order.planned_session.course_id]), _("The course")),),
    )
