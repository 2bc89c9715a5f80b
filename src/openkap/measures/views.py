"""The clinic's page of one person's measures."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.routes import ClinicRequest
from openkap.measures import actions, queries, wording
from openkap.measures.forms import AssignForm, ScoreForm
from openkap.measures.instruments import ALL, Instrument
from openkap.people import queries as people
from openkap.ui.pages import page, refusal_of, submitted


def patient(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """What is asked, what came in and how it moves; giving out, and typing in."""
    which = request.POST.get("form", "")
    owners = [
        (str(it.id), f"{it.user.name}, {it.get_role_display().lower()}") for it in queries.owners(patient)
    ]
    more: dict[str, Any] = {"owners": owners, "initial": {"owner": str(request.actor.membership_id)}}
    assign = AssignForm(request.POST if which == "assign" else None, measures=queries.choices(), **more)
    score = ScoreForm(
        request.POST if which == "score" else None, measures=queries.all_names(), auto_id="score_%s", **more
    )
    stamp: dict[str, Any] = {"by": request.actor, "at": request.at}
    if which == "assign" and submitted(request, assign):
        typed = assign.cleaned_data
        owner = uuid.UUID(typed.pop("owner"))
        actions.assign(patient, owner_membership_id=owner, **typed, **stamp)
        return redirect("measures:patient", patient=patient)
    if which == "score" and submitted(request, score):
        typed = score.cleaned_data
        owner = uuid.UUID(typed.pop("owner"))
        critical = _critical(ALL.get(typed["measure"]), typed.pop("critical"))
        actions.enter_from_paper(patient, answers=critical, owner_membership_id=owner, **typed, **stamp)
        return redirect("measures:patient", patient=patient)
    context = {
        "patient": people.get(patient),
        "due": [(it, settings.OPENKAP_SITE_URL + queries.link_path(it)) for it in queries.due(patient)],
        "instruments": ALL,
        "lines": [(it, lines, wording.of(it)) for it, lines in queries.lines(patient)],
        "assign": assign,
        "score": score,
        "today": request.at.astimezone(request.clinic.tz).date(),
    }
    return page(request, "measures/patient.html", context)


def _critical(instrument: Instrument | None, value: int | None) -> dict[str, int]:
    items = instrument.critical if instrument is not None else ()
    return {item: value for item in items if value is not None}


def send(request: ClinicRequest, assignment: uuid.UUID) -> HttpResponse:
    """Send the link."""
    return _act(request, assignment, lambda: actions.send(assignment, by=request.actor, at=request.at))


def withdraw(request: ClinicRequest, assignment: uuid.UUID) -> HttpResponse:
    """Take a measure back."""
    why = request.POST.get("why", "")
    return _act(
        request, assignment, lambda: actions.withdraw(assignment, why=why, by=request.actor, at=request.at)
    )


def _act(request: ClinicRequest, assignment: uuid.UUID, act: Any) -> HttpResponse:
    patient_id = queries.patient_of_assignment(assignment)
    assert patient_id is not None  # the door has found it
    if refusal_of(request) is None:
        act()
        return redirect("measures:patient", patient=patient_id)
    return patient(request, patient_id)
