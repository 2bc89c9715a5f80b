"""Reading the plan of courses: which session is when and where, and what was held of it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from datetime import date, time

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from openkap.consent import queries as consent
from openkap.courses import queries as courses
from openkap.courses.models import Course, GateMet, PlannedSession
from openkap.courses.plan_rules import PlanFacts, SessionPlan
from openkap.people import queries as people
from openkap.people.models import Patient


def plan_facts(course: Course) -> PlanFacts:
    """What is known before sessions of this course get another day, time or room."""
    rows = PlannedSession.objects.filter(course=course, cancelled_at__isnull=True).order_by("number")
    gates = GateMet.objects.filter(planned_session__course=course, gate="dosing_done")
    held = {key: timezone.localdate(at) for key, at in gates.values_list("planned_session__number", "at")}
    interval = courses.pack(course).interval
    return PlanFacts(
        plans={
            row.number: SessionPlan(row.number, row.planned_on, row.planned_time, row.room_id)
            for row in rows
            if row.number not in held
        },
        held=held,
        rooms=frozenset(room.id for room in people.rooms()),
        taken=_taken(course),
        hours_apart=interval.hours if interval else 0,
        ended=course.ended_at is not None,
        dose_runs=consent.is_impaired(course.patient_id),
    )


def plan_of(course: Course) -> list[PlannedSession]:
    """The sessions of a course with their rooms; `held_at` says when the dose began, where it did."""
    rows = _with_held(PlannedSession.objects.filter(course=course, cancelled_at__isnull=True))
    return list(rows.select_related("room__site").order_by("number"))


def _with_held(rows: QuerySet[PlannedSession]) -> QuerySet[PlannedSession]:
    return rows.annotate(held_at=Max("gates_met__at", filter=Q(gates_met__gate="dosing_done")))


def planned_in_rooms() -> Counter[uuid.UUID]:
    """How many sessions that nobody has held are planned in each room."""
    rooms = _not_held().filter(room__isnull=False).values_list("room_id", flat=True)
    return Counter(room for room in rooms if room is not None)


def _not_held() -> QuerySet[PlannedSession]:
    rows = PlannedSession.objects.filter(course__ended_at__isnull=True, cancelled_at__isnull=True)
    return rows.exclude(gates_met__gate="dosing_done")


def _taken(course: Course) -> Collection[tuple[date, time, uuid.UUID]]:
    """Which rooms other courses need, and when: of the sessions nobody has held."""
    rows = _not_held().filter(planned_time__isnull=False, room__isnull=False).exclude(course=course)
    told = rows.values_list("planned_on", "planned_time", "room_id")
    return {(on, clock, room) for on, clock, room in told if clock is not None and room is not None}


def planned_between(patients: QuerySet[Patient], *, first: date, last: date) -> list[PlannedSession]:
    """The sessions of these people that are planned for these days, the earliest first; those without a time
    before those that have one. `held_at` says when the dose began, where it did."""
    rows = PlannedSession.objects.filter(
        course__patient__in=patients.values("id"),
        planned_on__range=(first, last),
        cancelled_at__isnull=True,
    )
    rows = _with_held(rows)
    rows = rows.filter(Q(course__ended_at__isnull=True) | Q(held_at__isnull=False))
    rows = rows.select_related("course__patient", "room__site")
    return list(rows.order_by("planned_on", F("planned_time").asc(nulls_first=True), "room__name", "id"))
