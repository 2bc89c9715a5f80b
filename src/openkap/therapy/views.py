"""The pages of preparation and integration."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts.routes import ClinicRequest
from openkap.consent import queries as consent
from openkap.courses.models import Course
from openkap.tenancy.models import Clinic
from openkap.therapy import actions, queries
from openkap.therapy.forms import (
    AddendumForm,
    GoalForm,
    IntegrationForm,
    PracticeForm,
    PreparationForm,
    VisitForm,
)
from openkap.therapy.models import Goal, Kind, Visit
from openkap.ui.pages import page, refusal_of, submitted


def _course(course: uuid.UUID) -> Course:
    return Course.objects.select_related("patient").get(id=course)


def _zone(request: ClinicRequest) -> ZoneInfo:
    return Clinic.objects.get(id=request.actor.clinic_id).tz


def _which(request: ClinicRequest) -> str:
    """Which of a page's forms was sent."""
    return request.POST.get("form", "")


def _bound(request: ClinicRequest, name: str, form: type[Form], **more: object) -> Form:
    data = request.POST if request.method == "POST" and _which(request) == name else None
    return form(data, prefix=None, **more)  # type: ignore[arg-type]


def preparation(request: ClinicRequest, course: uuid.UUID, *, typed: Form | None = None) -> HttpResponse:
    """Preparation: hopes and concerns, goals, choices, visits, and saying that it is done."""
    row = _course(course)
    last = queries.preparation(course)
    initial = (
        {"hopes": last.hopes, "concerns": last.concerns, "earlier_states": last.earlier_states}
        if last
        else {}
    )
    words = typed or _bound(request, "words", PreparationForm, initial=initial)
    goal = _bound(request, "goal", GoalForm)
    with timezone.override(_zone(request)):
        visit = _bound(request, "visit", VisitForm, initial={"held_at": request.at})
        stamp: dict[str, Any] = {"by": request.actor, "at": request.at}
        if _which(request) == "words" and submitted(request, words):
            actions.write_preparation(course, **words.cleaned_data, **stamp)
            return redirect("therapy:preparation", course=course)
        if _which(request) == "goal" and submitted(request, goal):
            actions.set_goal(course, **goal.cleaned_data, **stamp)
            return redirect("therapy:preparation", course=course)
        if _which(request) == "visit" and submitted(request, visit):
            actions.write_visit(course, kind=Kind.PREPARATION, **visit.cleaned_data, **stamp)
            return redirect("therapy:preparation", course=course)
        context = {
            "course": row,
            "patient": row.patient,
            "words": words,
            "goal": goal,
            "visit": visit,
            "goals": queries.goals(course),
            "visits": [v for v in queries.visits(course) if v.kind == Kind.PREPARATION],
            "choices": consent.choices_made(row.patient_id),
            "last": last,
        }
        return page(request, "therapy/preparation.html", context)


def finish_preparation(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Say that the person is prepared."""
    words = PreparationForm(request.POST)
    if submitted(request, words):
        actions.finish_preparation(course, words=words.cleaned_data, by=request.actor, at=request.at)
        return redirect("courses:course", course=course)
    return preparation(request, course, typed=words)


def integration(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Integration: the visits after sessions, goals and practices."""
    row = _course(course)
    numbers = [planned.number for planned in row.planned_sessions.order_by("number")]
    practice = _bound(request, "practice", PracticeForm)
    with timezone.override(_zone(request)):
        visit = _bound(request, "visit", IntegrationForm, numbers=numbers, initial={"held_at": request.at})
        stamp: dict[str, Any] = {"by": request.actor, "at": request.at}
        if _which(request) == "practice" and submitted(request, practice):
            actions.agree_practice(course, **practice.cleaned_data, **stamp)
            return redirect("therapy:integration", course=course)
        if _which(request) == "visit" and submitted(request, visit):
            actions.write_visit(course, kind=Kind.INTEGRATION, **visit.cleaned_data, **stamp)
            return redirect("therapy:integration", course=course)
        context = {
            "course": row,
            "patient": row.patient,
            "visit": visit,
            "practice": practice,
            "goals": queries.goals(course),
            "practices": queries.practices(course),
            "visits": [v for v in queries.visits(course) if v.kind == Kind.INTEGRATION],
        }
        return page(request, "therapy/integration.html", context)


def close_goal(request: ClinicRequest, goal: uuid.UUID) -> HttpResponse:
    """A goal is met or let go."""
    row = Goal.objects.get(id=goal)
    if refusal_of(request) is None:
        actions.close_goal(goal, met=request.POST.get("met") == "yes", by=request.actor, at=request.at)
        return redirect("therapy:integration", course=row.course_id)
    return integration(request, row.course_id)


def addendum(request: ClinicRequest, visit: uuid.UUID) -> HttpResponse:
    """Add to a visit's note."""
    row = Visit.objects.select_related("patient").get(id=visit)
    form = AddendumForm(request.POST or None)
    if submitted(request, form):
        actions.add_addendum(visit, text=form.cleaned_data["text"], by=request.actor, at=request.at)
        return redirect(f"therapy:{row.kind}", course=row.course_id)
    return page(request, "therapy/addendum.html", {"form": form, "visit": row, "patient": row.patient})
