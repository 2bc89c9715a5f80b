"""The clinic's page of one person's measures."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts.calls import ClinicRequest
from openkap.measures import actions, queries, wording
from openkap.measures.forms import AssignForm, ScoreForm
from openkap.measures.instruments import ALL
from openkap.measures.instruments.instrument import Instrument
from openkap.people import queries as people
from openkap.ui.pages import page
from openkap.ui.typed import bound, line, read


def _owned(request: ClinicRequest, patient: uuid.UUID) -> dict[str, Any]:
    """Who may be the owner of a measure, and that it is whoever gives it out, unless they say otherwise."""
    owners = [
        (str(it.id), f"{it.user.name}, {it.get_role_display().lower()}") for it in queries.owners(patient)
    ]
    initial = {"owner": str(request.actor.membership_id), "measure": queries.measure_used_last(patient)}
    return {"owners": owners, "initial": initial}


def _assign_form(request: ClinicRequest, patient: uuid.UUID) -> AssignForm:
    return bound(request, "assign", AssignForm, measures=queries.choices(), **_owned(request, patient))


def _score_form(request: ClinicRequest, patient: uuid.UUID) -> ScoreForm:
    more = _owned(request, patient)
    return bound(request, "score", ScoreForm, measures=queries.all_names(), auto_id="score_%s", **more)


def patient(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """What is asked, what came in and how it moves; giving out, and typing in."""
    context = {
        "patient": people.get(patient),
        "due": [(it, settings.OPENKAP_SITE_URL + queries.link_path(it)) for it in queries.due(patient)],
        "instruments": ALL,
        "lines": [(it, lines, wording.of(it)) for it, lines in queries.lines(patient)],
        "assign": _assign_form(request, patient),
        "score": _score_form(request, patient),
        "today": request.at.astimezone(request.clinic.tz).date(),
    }
    return page(request, "measures/patient.html", context)


def assign(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Give a measure out."""
    typed = read(_assign_form(request, patient))
    owner = uuid.UUID(typed.pop("owner"))
    actions.assign(patient, owner_membership_id=owner, **typed, by=request.actor, at=request.at)
    return redirect("measures:patient", patient=patient)


def score(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Type in what was answered on paper."""
    typed = read(_score_form(request, patient))
    owner = uuid.UUID(typed.pop("owner"))
    critical = _critical(ALL.get(typed["measure"]), typed.pop("critical"))
    actions.enter_from_paper(
        patient, answers=critical, owner_membership_id=owner, **typed, by=request.actor, at=request.at
    )
    return redirect("measures:patient", patient=patient)


PATIENT_FORMS = {"assign": assign, "score": score}


def _critical(instrument: Instrument | None, value: int | None) -> dict[str, int]:
    items = instrument.critical if instrument is not None else ()
    return {item: value for item in items if value is not None}


def _patient_of(assignment: uuid.UUID) -> uuid.UUID:
    patient_id = queries.patient_of_assignment(assignment)
    assert patient_id is not None  # the route has found it
    return patient_id


def patient_of(request: ClinicRequest, assignment: uuid.UUID) -> HttpResponse:
    """The page on which a measure stands."""
    return patient(request, _patient_of(assignment))


def send(request: ClinicRequest, assignment: uuid.UUID) -> HttpResponse:
    """Send the link."""
    actions.send(assignment, by=request.actor, at=request.at)
    return redirect("measures:patient", patient=_patient_of(assignment))


def withdraw(request: ClinicRequest, assignment: uuid.UUID) -> HttpResponse:
    """Take a measure back."""
    actions.withdraw(assignment, why=line(request, "why"), by=request.actor, at=request.at)
    return redirect("measures:patient", patient=_patient_of(assignment))
