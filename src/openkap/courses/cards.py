"""What courses shows on pages over many apps: what comes next, and which order waits for a signature."""

from __future__ import annotations

from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.courses import queries
from openkap.courses.stepper import drawn
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.ui.cards import Drawn


def second_on_chart(request: ClinicRequest, patient: Patient) -> Drawn | None:
    """Orders of this person that another prescriber has to sign."""
    orders = queries.orders_that_need_a_second(Patient.objects.filter(id=patient.id))
    return Drawn("courses/card_second.html", {"orders": orders}) if orders else None


def next_step(request: ClinicRequest, patient: Patient) -> Drawn:
    """What comes next, and what is in the way."""
    course = queries.of_patient(patient.id)
    step = queries.next_step(course, today=timezone.localdate()) if course else None
    return Drawn("courses/card_next.html", {"course": course, "step": step, "patient": patient})


def course(request: ClinicRequest, patient: Patient) -> Drawn:
    """The course, step by step."""
    row = queries.of_patient(patient.id)
    steps = drawn(queries.steps(row, today=timezone.localdate()), row) if row else []
    return Drawn("courses/card_course.html", {"course": row, "steps": steps, "patient": patient})


def second_on_the_day(request: ClinicRequest) -> Drawn | None:
    """Orders that this prescriber can sign, among the people they may open."""
    rows = queries.orders_that_need_a_second(people.visible_to(request.actor))
    orders = [row for row in rows if row.by_id != request.actor.user_id]
    return Drawn("courses/line_second.html", {"orders": orders}) if orders else None


def running(request: ClinicRequest) -> Drawn:
    """How many courses run: all that a researcher sees of them."""
    return Drawn("courses/card_running.html", {"courses": len(queries.open_courses())})
