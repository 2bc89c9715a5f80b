"""What courses shows on pages over many apps: what comes next, and which order waits for a signature."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.courses import actions, next_step_queries, queries
from openkap.courses.lines import address
from openkap.courses.models import Order
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.ui.cards import Drawn

ASKS = (next_step_queries.next_steps_of_patient,)


def second_on_chart(request: ClinicRequest, patient: Patient) -> Drawn | None:
    """Orders of this person that another prescriber has to sign."""
    orders = _to_second(patient)
    return Drawn("courses/card_second.html", {"orders": orders}) if orders else None


def _to_second(patient: Patient) -> list[Order]:
    """The orders of a person's running course that another prescriber still has to sign."""
    standing: dict[uuid.UUID, Order] = {}
    for order in queries.orders_of_patient(patient.id):
        if order.back_why is None and order.planned_session.course.ended_at is None:  # type: ignore[attr-defined]
            standing.setdefault(order.planned_session_id, order)
    missing = [it for it in standing.values() if it.needs_second and it.second_name is None]  # type: ignore[attr-defined]
    return sorted(missing, key=lambda it: (it.planned_session.planned_on, it.at))


def next_step(request: ClinicRequest, patient: Patient) -> Drawn:
    """What comes next and what is in its way, with how far the course is; without one, what comes first."""
    today = timezone.localdate()
    actions.count_next_steps(today=today, patient_id=patient.id)
    kept = next_step_queries.next_step_of(patient.id)
    step = kept.step if kept else None
    context = {
        "kept": kept,
        "course": kept.course if kept else queries.of_patient(patient.id),
        "step": step,
        "address": address(step, kept.course) if kept and step else "",
        "is_late": step is not None and step.is_late(today),
        "patient": patient,
    }
    return Drawn("courses/card_next.html", context)


def second_on_the_day(request: ClinicRequest) -> Drawn | None:
    """Orders that this prescriber can sign, among the people they may open."""
    rows = queries.orders_that_need_a_second(people.visible_to(request.actor))
    orders = [row for row in rows if row.by_id != request.actor.user_id]
    return Drawn("courses/line_second.html", {"orders": orders}) if orders else None


def running(request: ClinicRequest) -> Drawn:
    """How many courses run: all that a researcher sees of them."""
    return Drawn("courses/card_running.html", {"courses": queries.how_many_run()})
