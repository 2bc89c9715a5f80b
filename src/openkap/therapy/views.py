"""The pages of preparation and integration."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.calls import ClinicRequest
from openkap.courses import queries as courses
from openkap.courses.models import Course
from openkap.therapy import actions, queries, rules
from openkap.therapy.forms import (
    AddendumForm,
    GoalForm,
    IntegrationForm,
    PracticeForm,
    PreparationForm,
    VisitForm,
)
from openkap.therapy.models import Goal, Visit, VisitKind
from openkap.ui.pages import page
from openkap.ui.typed import bound, lines_of_reasons, read, sent


def _course(course: uuid.UUID) -> Course:
    return Course.objects.select_related("patient").get(id=course)


def of_patient(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Where the therapy of a person stands: preparation until it is done, and integration from then on."""
    course = courses.of_patient(patient)
    if course is None:
        return redirect("courses:of_patient", patient=patient)
    is_prepared = courses.has_met(course, "preparation_done")
    return redirect("therapy:integration" if is_prepared else "therapy:preparation", course=course.id)


def _words_form(request: ClinicRequest, course: uuid.UUID) -> PreparationForm:
    last = queries.preparation(course)
    initial = (
        {"hopes": last.hopes, "concerns": last.concerns, "earlier_states": last.earlier_states}
        if last
        else {}
    )
    return bound(request, "words", PreparationForm, initial=initial)


def _visit_form(request: ClinicRequest) -> VisitForm:
    return bound(request, "visit", VisitForm, initial={"held_at": request.at})


def preparation(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Preparation: hopes and concerns, goals, choices, visits, and saying that it is done."""
    row = _course(course)
    lines = rules.preparation_lines(queries.prepared(row))
    lines_of_reasons(request, {reason: f"h-{line}" for line, reason in rules.PREPARATION_LINES.items()})
    context = {
        "course": row,
        "patient": row.patient,
        "missing": lines,
        "next_line": next((line for line, missing in lines.items() if missing), "done"),
        "is_done": courses.has_met(row, "preparation_done"),
        "words": _words_form(request, course),
        "goal": bound(request, "goal", GoalForm),
        "visit": _visit_form(request),
        "goals": queries.goals(course),
        "visits": [v for v in queries.visits(course) if v.kind == VisitKind.PREPARATION],
        "last": queries.preparation(course),
    }
    return page(request, "therapy/preparation.html", context)


def write_words(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Keep the person's hopes and concerns."""
    words = read(_words_form(request, course))
    actions.write_preparation(course, **words, by=request.actor, at=request.at)
    return redirect("therapy:preparation", course=course)


def set_goal(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Set a goal with the person."""
    typed = read(bound(request, "goal", GoalForm))
    actions.set_goal(course, **typed, by=request.actor, at=request.at)
    return redirect("therapy:preparation", course=course)


def write_preparation_visit(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Write down a visit before the first session."""
    typed = read(_visit_form(request))
    actions.write_visit(course, kind=VisitKind.PREPARATION, **typed, by=request.actor, at=request.at)
    return redirect("therapy:preparation", course=course)


PREPARATION_FORMS = {"words": write_words, "goal": set_goal, "visit": write_preparation_visit}


def finish_preparation(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Say that the person is prepared, with the words that stand on the page."""
    words = read(bound(request, "finish_preparation", PreparationForm))
    actions.finish_preparation(course, words=words, by=request.actor, at=request.at)
    return redirect("courses:course", course=course)


def _integration_form(request: ClinicRequest, course: Course) -> IntegrationForm:
    numbers = [planned.number for planned in course.planned_sessions.order_by("number")]
    return bound(request, "visit", IntegrationForm, numbers=numbers, initial={"held_at": request.at})


def integration(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Integration: the visits after sessions, goals and practices."""
    row = _course(course)
    context = {
        "course": row,
        "patient": row.patient,
        "visit": _integration_form(request, row),
        "practice": bound(request, "practice", PracticeForm),
        "goals": queries.goals(course),
        "practices": queries.practices(course),
        "visits": [v for v in queries.visits(course) if v.kind == VisitKind.INTEGRATION],
    }
    return page(request, "therapy/integration.html", context)


def agree_practice(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Agree what the person practises until the next visit."""
    typed = read(bound(request, "practice", PracticeForm))
    actions.agree_practice(course, **typed, by=request.actor, at=request.at)
    return redirect("therapy:integration", course=course)


def write_integration_visit(request: ClinicRequest, course: uuid.UUID) -> HttpResponse:
    """Write down a visit after a session."""
    typed = read(_integration_form(request, _course(course)))
    actions.write_visit(course, kind=VisitKind.INTEGRATION, **typed, by=request.actor, at=request.at)
    return redirect("therapy:integration", course=course)


INTEGRATION_FORMS = {"practice": agree_practice, "visit": write_integration_visit}


def integration_of(request: ClinicRequest, goal: uuid.UUID) -> HttpResponse:
    """The page on which a goal stands."""
    return integration(request, Goal.objects.get(id=goal).course_id)


def close_goal(request: ClinicRequest, goal: uuid.UUID) -> HttpResponse:
    """A goal is met or let go."""
    met = sent(request, "met") == "yes"
    actions.close_goal(goal, met=met, by=request.actor, at=request.at)
    return redirect("therapy:integration", course=Goal.objects.get(id=goal).course_id)


def addendum(request: ClinicRequest, visit: uuid.UUID) -> HttpResponse:
    """A visit's note, and what is to be added to it."""
    visit_row = Visit.objects.select_related("patient").get(id=visit)
    context = {
        "form": bound(request, "addendum", AddendumForm),
        "visit": visit_row,
        "patient": visit_row.patient,
    }
    return page(request, "therapy/addendum.html", context)


def add_addendum(request: ClinicRequest, visit: uuid.UUID) -> HttpResponse:
    """Add to a visit's note."""
    row, typed = Visit.objects.get(id=visit), read(bound(request, "addendum", AddendumForm))
    actions.add_addendum(visit, text=typed["text"], by=request.actor, at=request.at)
    return redirect(f"therapy:{row.kind}", course=row.course_id)
