"""Keeping what comes next of the running courses, for lists. No act decides by it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction

from openkap.courses import next_step_queries, next_steps, queries
from openkap.courses.models import Course, NextStep
from openkap.courses.rules import CourseState
from openkap.people.models import PersonChange

AT_ONCE_MAX = 200
KEPT = (
    "key", "who", "needs_prescriber", "session_number", "planned_on", "planned_time", "blocks",
    "next_dose_on", "sessions", "held", "counted", "counted_on", "holds_until", "release",
)  # fmt: skip


def count_next_steps(*, today: date, patient_id: uuid.UUID | None = None) -> int:
    """Work out anew what comes next in every running course where it may have moved, or in one person's
    alone. Returns how many.

    Asked before a list is shown. Several readers at once wait for one another, so that an older answer never
    takes the place of a newer one; nobody who acts waits for a reader.
    """
    moved = next_step_queries.moved(today=today, patient_id=patient_id)
    for start in range(0, len(moved), AT_ONCE_MAX):
        _count(moved[start : start + AT_ONCE_MAX], today=today)
    return len(moved)


@transaction.atomic
def _count(courses: list[Course], *, today: date) -> None:
    """Marks and earlier answers are read before the facts: what is written meanwhile leaves a mark behind."""
    by_id = {course.id: course for course in courses}
    blank = [NextStep(course=course, clinic_id=course.clinic_id) for course in courses]
    NextStep.objects.bulk_create(blank, ignore_conflicts=True)
    before = dict(NextStep.objects.filter(course__in=by_id).values_list("id", "counted"))
    marks = _marks(courses)
    states = queries.states(courses)
    rows = NextStep.objects.select_for_update(of=("self",)).filter(id__in=before).order_by("id")
    rows = rows.only("clinic_id", "course_id", "counted")  # what another release kept may not be readable
    mine = [row for row in rows if row.counted == before[row.id]]
    for row in mine:
        _write(row, states[row.course_id], today=today)
    NextStep.objects.bulk_update(mine, KEPT)
    read = [key for row in mine for key in marks.get(by_id[row.course_id].patient_id, ())]
    PersonChange.objects.filter(id__in=read).delete()


def _marks(courses: Collection[Course]) -> Mapping[uuid.UUID, list[uuid.UUID]]:
    marks: dict[uuid.UUID, list[uuid.UUID]] = {}
    rows = PersonChange.objects.filter(person_id__in=[course.patient_id for course in courses])
    for person_id, key in rows.values_list("person_id", "id"):
        marks.setdefault(person_id, []).append(key)
    return marks


def _write(kept: NextStep, state: CourseState, *, today: date) -> None:
    outlook = next_steps.count(state, today=today)
    step = outlook.step
    kept.key = step.key if step else ""
    kept.who = step.who if step else ""
    kept.needs_prescriber = step is not None and next_steps.needs_prescriber(step)
    kept.session_number = step.session_number if step else None
    kept.planned_on = step.planned_on if step else None
    kept.planned_time = step.planned_time if step else None
    kept.blocks = step.blocks if step else ()
    kept.next_dose_on, kept.sessions, kept.held = outlook.next_dose_on, outlook.sessions, outlook.held
    kept.counted_on, kept.holds_until = today, outlook.holds_until
    kept.counted, kept.release = kept.counted + 1, next_step_queries.release()


def clear_next_steps() -> None:
    """Let go of what no list asks for any more: ended courses, and marks of people without a course."""
    NextStep.objects.filter(course__ended_at__isnull=False).delete()
    running = Course.objects.filter(ended_at__isnull=True)
    PersonChange.objects.exclude(person_id__in=running.values("patient_id")).delete()
