"""The pages of a course: opening it, its stages, its end."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.courses import actions, plan_queries, queries
from openkap.courses.forms import OpenCourseForm, PlanForm, WhyOrderForm
from openkap.courses.lines import lines_of
from openkap.courses.models import Course
from openkap.people import queries as people
from openkap.protocols import queries as protocols
from openkap.ui.pages import page
from openkap.ui.typed import bound, read


def one_course(course: uuid.UUID) -> Course:
    course_found = queries.one(course)
    if course_found is None:
        raise Http404
    return course_found


def _open_form(request: ClinicRequest) -> OpenCourseForm:
    packs = [(str(it.id), str(it)) for it in protocols.in_use()]
    return bound(request, "open", OpenCourseForm, packs=packs, initial={"per_week": 2})


def open_course(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Which protocol, from when, how often, and to what end."""
    context = {
        "form": _open_form(request),
        "patient": people.get(patient),
        "packs": protocols.in_use(),
        "existing": queries.of_patient(patient),
    }
    return page(request, "courses/open.html", context)


def open_one(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Open a course."""
    typed = read(_open_form(request))
    opened = actions.open_course(
        patient,
        pack_version_id=typed["pack_version"],
        first_day=typed["first_day"],
        per_week=typed["per_week"],
        goal=typed["goal"],
        today=timezone.localdate(),
        by=request.actor,
        at=request.at,
    )
    return redirect("courses:course", course=opened.id)


def of_patient(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """The course of a person that runs, or else their last one; without any, what comes before one."""
    course = queries.of_patient(patient)
    if course is not None:
        return redirect("courses:course", course=course.id)
    return page(request, "courses/none.html", {"patient": people.get(patient)})


def course(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """The course as one list: what is done, what comes next and what is in its way, and what comes later."""
    row, today = one_course(course), timezone.localdate()
    steps = queries.steps(row, today=today)
    orders = queries.orders(row)
    lines = lines_of(steps, row, sessions=queries.planned(row), orders=orders)
    following = next((line for line in lines if not line.step.done), None)
    context = {
        "course": row,
        "patient": row.patient,
        "pack": queries.pack(row),
        "done": [line for line in lines if line.step.done],
        "next": following,
        "first_dose": next((it for it in lines if it.step.key == "dosing" and not it.step.done), None),
        "later": [line for line in lines if not line.step.done and line != following],
        "old_orders": [it for it in orders if it.withdrawals.all()],
        "today": today,
        "is_late": following is not None and following.step.is_late(today),
    }
    return page(request, "courses/course.html", context)


def _plan_form(request: ClinicRequest, course: Course) -> PlanForm:
    plans = [plan for _, plan in sorted(plan_queries.plan_facts(course).plans.items())]
    rooms = [(str(room.id), f"{room.name}, {room.site.name}") for room in people.rooms()]
    return bound(request, "plan", PlanForm, plans=plans, rooms=rooms)


def plan(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """When and where the sessions are that were not held."""
    row = one_course(course)
    context = {"course": row, "patient": row.patient, "form": _plan_form(request, row)}
    return page(request, "courses/plan.html", context)


def plan_sessions(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Give sessions another day, time or room."""
    row = one_course(course)
    form = _plan_form(request, row)
    read(form)
    actions.plan_sessions(
        row.id, form.wanted(), by=request.actor, at=request.at, today=timezone.localdate(request.at)
    )
    return redirect("courses:course", course=row.id)


def end(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Why a course ends."""
    row, form = one_course(course), bound(request, "end", WhyOrderForm)
    return page(request, "courses/end.html", {"course": row, "patient": row.patient, "form": form})


def end_course(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """End a course."""
    typed = read(bound(request, "end", WhyOrderForm))
    actions.end_course(one_course(course).id, why=typed["why"], by=request.actor, at=request.at)
    return redirect("courses:course", course=course)
