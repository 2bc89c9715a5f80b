"""Pages over many rooms: Today for each role, one person's chart, search, and the patient's own page."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.courses import actions as courses_actions
from openkap.desk import ahead, looking, queries
from openkap.desk import own as own_page
from openkap.desk import schedule as schedules
from openkap.people import finding
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.ui import cards, navigation, setup, timeline
from openkap.ui.cards import CardPlace
from openkap.ui.fields import FIRST_YEAR, LAST_YEAR
from openkap.ui.pages import page, paged

READINGS_SHOWN = timedelta(days=180)
ENTRIES_ON_A_PAGE = 40


def today(request: ClinicRequest) -> HttpResponse:
    """What this person's day holds."""
    role = request.actor.role
    if role == "patient":
        return redirect("desk:own")
    context = {
        "today": _day(),
        **_now(request),
        "waiting": cards.at(CardPlace.TODAY_WAITING, request, role=role),
        "side": cards.at(CardPlace.TODAY_SIDE, request, role=role),
        **_LISTS.get(role, _nothing)(request),
        **(_setup(request) if role == "administrator" else {}),
    }
    return page(request, f"desk/today_{role}.html", context)


def _setup(request: ClinicRequest) -> dict[str, Any]:
    """What the clinic needs before its first patient; nothing once all of it is there."""
    steps = setup.steps_of(request)
    done = [step for step in steps if step.done]
    return {"setup": steps, "setup_done": done} if len(done) < len(steps) else {}


def today_now(request: ClinicRequest) -> HttpResponse:
    """What of Today keeps up by itself: what must be answered, and the rooms."""
    return page(request, "desk/today_now.html", _now(request))


def _now(request: ClinicRequest) -> dict[str, Any]:
    role = request.actor.role
    return {
        "at": request.at,
        "first": cards.at(CardPlace.TODAY_FIRST, request, role=role),
        "top": cards.at(CardPlace.TODAY_TOP, request, role=role),
    }


def _day() -> Any:
    return timezone.localdate()


def _lists(request: ClinicRequest, *, wanted: Q | None = None) -> dict[str, Any]:
    """What a day is about for this role (`wanted`), and every course in one's care; both paged."""
    courses_actions.count_next_steps(today=_day())
    inside = queries.open_sessions()
    every = queries.running(request.actor)
    soon = queries.soon(request.actor, today=_day()).filter(wanted) if wanted is not None else None
    others = every if soon is None else every.exclude(id__in=soon.order_by().values("id"))
    rows = paged(request, others, size=queries.COURSES_ON_A_PAGE, key="courses")
    context = {
        "rows": rows,
        "lines": queries.lines(rows, inside=inside, today=_day()),
        "without_course": paged(request, queries.without_course(request.actor), size=30, key="people"),
    }
    if soon is not None:
        near = paged(request, soon, size=queries.COURSES_ON_A_PAGE, key="near")
        context |= {"near": near, "mine": queries.lines(near, inside=inside, today=_day())}
    return context


def _prescriber(request: ClinicRequest) -> dict[str, Any]:
    return _lists(request, wanted=Q(needs_prescriber=True))


def _nurse(request: ClinicRequest) -> dict[str, Any]:
    return _lists(request, wanted=Q(key="dosing"))


def _therapist(request: ClinicRequest) -> dict[str, Any]:
    return _lists(request, wanted=Q(who="therapist"))


def _nothing(request: ClinicRequest) -> dict[str, Any]:
    return {}


_LISTS = {
    "coordinator": _lists,
    "prescriber": _prescriber,
    "nurse": _nurse,
    "therapist": _therapist,
}


def clinic(request: ClinicRequest) -> HttpResponse:
    """What the clinic has set up and looks after, as far as this role goes there."""
    entries = [entry for entry in navigation.entries_for(request.actor.role) if entry.about]
    return page(request, "desk/clinic.html", {"entries": entries})


def chart(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """One person's whole record on a page: what comes next, how it goes, and everything in order."""
    person = people.get(patient)
    drawn = {"top": CardPlace.CHART_TOP, "main": CardPlace.CHART, "side": CardPlace.CHART_SIDE}
    role = request.actor.role
    ahead.ask_of_patient(person.id)
    told = timeline.of(person.id, shown=request.GET.get("show", ""))
    context = {
        "patient": person,
        "timeline": told,
        "lines": paged(request, told.lines, size=ENTRIES_ON_A_PAGE, key="entries"),
        **{name: cards.at(place, request, role=role, patient=person) for name, place in drawn.items()},
    }
    return page(request, "desk/chart.html", context)


def search(request: ClinicRequest) -> HttpResponse:
    """People and their sessions, within what one may see."""
    text = request.GET.get("q", "").strip()
    people_found = people.search(request.actor, text, today=_day())
    context = {
        "q": text,
        "dates": finding.asked_for(text, today=_day()).dates,
        "people": paged(request, people_found, key="people"),
        "sessions": paged(request, queries.sessions_of(request.actor, people_found), key="sessions"),
    }
    return page(request, "desk/search.html", context)


def own(request: ClinicRequest) -> HttpResponse:
    """The patient's own page: when and where they come, what waits for them, and how to get help."""
    person = people.own_record(request.actor)
    if person is None:
        return page(request, "desk/no_record.html")
    return page(request, "desk/own.html", own_page.context_of(request, person))


def own_readings(request: ClinicRequest) -> HttpResponse:
    """Who has seen the patient's own record, told to the patient."""
    person = people.own_record(request.actor)
    if person is None:
        return page(request, "desk/no_record.html")
    return page(request, "desk/own_readings.html", _readings(request, person))


def readings(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Who has seen this person, for whoever looks after them."""
    person = people.get(patient)
    return page(request, "desk/readings.html", {**_readings(request, person), "patient": person})


def _readings(request: ClinicRequest, person: Patient) -> dict[str, Any]:
    seen = queries.who_saw(person, since=request.at - READINGS_SHOWN, zone=request.clinic.tz)
    return {"days": paged(request, seen), "shown_days": READINGS_SHOWN.days}


def schedule(request: ClinicRequest) -> HttpResponse:
    """The sessions of one week, of the people in one's care."""
    today = timezone.localdate(request.at)
    monday = schedules.monday_of(_asked_day(request) or today)
    context = {
        "days": schedules.week(request.actor, monday=monday, today=today),
        "monday": monday,
        "before": monday - schedules.WEEK,
        "after": monday + schedules.WEEK,
        "is_this_week": monday == schedules.monday_of(today),
    }
    return page(request, "desk/schedule.html", context)


def _asked_day(request: ClinicRequest) -> date | None:
    """The day a week is asked for by (`week`); none where it is not a day."""
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return None
    if not FIRST_YEAR < asked.year < LAST_YEAR:
        raise Http404
    return asked


def week(request: ClinicRequest) -> HttpResponse:
    """The openings of one week that ask for a look, for whoever answers for the clinic's people."""
    asked = _asked_day(request) or timezone.localdate(request.at) - timedelta(days=7)
    shown = looking.Week.of(asked)
    context = {"week": shown, "findings": paged(request, looking.findings(request.clinic, shown))}
    return page(request, "desk/week.html", context)
