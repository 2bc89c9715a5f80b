"""The pages of a course: opening it, its stages, its end."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.courses import actions, queries
from openkap.courses.forms import OpenCourseForm, WhyOrderForm
from openkap.courses.models import Course
from openkap.courses.stepper import drawn
from openkap.people import queries as people
from openkap.protocols import queries as protocols
from openkap.ui.pages import page
from openkap.ui.typed import bound, read


def one_course(course: uuid.UUID) -> Course:
    found = queries.one(course)
    if found is None:
        raise Http404
    return found


def _open_form(request: ClinicRequest) -> OpenCourseForm:
    packs = [(str(it.id), str(it)) for it in protocols.newest()]
    return bound(request, "open", OpenCourseForm, packs=packs, initial={"per_week": 2})


def open_course(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Which protocol, from when, how often, and to what end."""
    context = {
        "form": _open_form(request),
        "patient": people.get(patient),
        "packs": protocols.newest(),
        "existing": queries.of_patient(patient),
    }
    return page(request, "courses/open.html", context)


def open_one(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Open a course."""
    typed = read(_open_form(request))
    row = actions.open_course(
        patient,
        pack_version_id=typed["pack_version"],
        first_day=typed["first_day"],
        per_week=typed["per_week"],
        goal=typed["goal"],
        today=timezone.localdate(),
        by=request.actor,
        at=request.at,
    )
    return redirect("courses:course", course=row.id)


def of_patient(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """The course of a person that runs, or else their last one; without any, what comes before one."""
    row = queries.of_patient(patient)
    if row is not None:
        return redirect("courses:course", course=row.id)
    return page(request, "courses/none.html", {"patient": people.get(patient)})


def course(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """The course: where it stands, what comes next, what is in the way, its sessions and orders."""
    row, today = one_course(course), timezone.localdate()
    steps = queries.steps(row, today=today)
    following = next((step for step in steps if not step.done), None)
    orders = queries.orders(row)
    doses = [step for step in steps if step.key == "dosing"]  # in the order of the plan
    sessions = [
        {
            "session": session,
            "order": next(
                (it for it in orders if it.planned_session_id == session.id and not it.withdrawals.all()),
                None,
            ),
            "dosing": dosing,
            "is_late": dosing.is_late(today),
        }
        for session, dosing in zip(queries.planned(row), doses, strict=True)
    ]
    context = {
        "course": row,
        "patient": row.patient,
        "pack": queries.pack(row),
        "steps": drawn(steps, row, every_reason=True),
        "next": following,
        "sessions": sessions,
        "old_orders": [it for it in orders if it.withdrawals.all()],
        "today": today,
    }
    return page(request, "courses/course.html", context)


def end(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Why a course ends."""
    row, form = one_course(course), bound(request, "end", WhyOrderForm)
    return page(request, "courses/end.html", {"course": row, "patient": row.patient, "form": form})


def end_course(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """End a course."""
    typed = read(bound(request, "end", WhyOrderForm))
    actions.end_course(one_course(course).id, why=typed["why"], by=request.actor, at=request.at)
    return redirect("courses:course", course=course)
