"""What courses shows on pages over many apps: what comes next, and which order waits for a signature."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.courses import queries
from openkap.courses.models import Course
from openkap.courses.rules import CourseStep
from openkap.courses.stepper import drawn
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.ui.cards import Drawn


def second_on_chart(request: ClinicRequest, patient: Patient) -> Drawn | None:
    """Orders of this person that another prescriber has to sign."""
    orders = queries.orders_that_need_a_second(Patient.objects.filter(id=patient.id))
    return Drawn("courses/card_second.html", {"orders": orders}) if orders else None


def _stages(request: ClinicRequest, patient: Patient) -> tuple[Course | None, tuple[CourseStep, ...]]:
    """The person's course and its stages, asked for once a request: two cards of a chart show them."""
    known: dict[uuid.UUID, tuple[Course | None, tuple[CourseStep, ...]]]
    known = request.__dict__.setdefault("_stages_of", {})
    if patient.id not in known:
        course = queries.of_patient(patient.id)
        known[patient.id] = course, queries.steps(course, today=timezone.localdate()) if course else ()
    return known[patient.id]


def next_step(request: ClinicRequest, patient: Patient) -> Drawn:
    """What comes next, and what is in the way."""
    course, steps = _stages(request, patient)
    step = next((step for step in steps if not step.done), None)
    is_late = step is not None and step.is_late(timezone.localdate())
    context = {"course": course, "step": step, "is_late": is_late, "patient": patient}
    return Drawn("courses/card_next.html", context)


def course(request: ClinicRequest, patient: Patient) -> Drawn:
    """The course, step by step."""
    row, stages = _stages(request, patient)
    steps = drawn(stages, row) if row else []
    return Drawn("courses/card_course.html", {"course": row, "steps": steps, "patient": patient})


def second_on_the_day(request: ClinicRequest) -> Drawn | None:
    """Orders that this prescriber can sign, among the people they may open."""
    rows = queries.orders_that_need_a_second(people.visible_to(request.actor))
    orders = [row for row in rows if row.by_id != request.actor.user_id]
    return Drawn("courses/line_second.html", {"orders": orders}) if orders else None


def running(request: ClinicRequest) -> Drawn:
    """How many courses run: all that a researcher sees of them."""
    return Drawn("courses/card_running.html", {"courses": queries.how_many_run()})
