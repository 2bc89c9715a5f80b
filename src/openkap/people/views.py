"""The pages about people: the list, taking someone in, particulars, the care team, the escort."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openkap.kernel.refusal import Objection, Refused
from openkap.people import actions, queries, rules
from openkap.people.forms import CareTeamForm, EscortForm, NewPatientForm, ParticularsForm
from openkap.people.models import Patient
from openkap.ui.pages import page, submitted


def patients(request: HttpRequest) -> HttpResponse:
    """The people in one's care, or those whose name fits."""
    text = request.GET.get("q", "").strip()
    if text:
        found = queries.search(request.actor, text, limit=100)
    else:
        found = list(queries.visible_to(request.actor).order_by("family_name", "given_name", "id")[:200])
    return page(request, "people/patients.html", {"patients": found, "q": text, "today": request.at.date()})


def likeness(typed: dict[str, Any]) -> rules.Likeness:
    """What was typed, as something to compare with the people here."""
    return rules.Likeness(
        id=None,
        given_name=typed["given_name"],
        family_name=typed["family_name"],
        birth_date=typed["birth_date"],
        phone=typed["phone"],
        email=typed["email"],
    )


def new_patient(request: HttpRequest) -> HttpResponse:
    """Take someone in, after a look at who may be the same person (hazard H29)."""
    form = NewPatientForm(request.POST or None)
    duplicates: list[tuple[Patient, rules.PossibleDuplicate]] = []
    if request.method == "POST" and form.is_valid():
        duplicates = queries.possible_duplicates(likeness(form.cleaned_data))
    if submitted(request, form):
        typed = dict(form.cleaned_data)
        if duplicates and not typed.pop("not_the_same"):
            raise Refused(
                Objection(
                    "duplicate", "Someone here may be the same person. Look at the list and tick the box."
                )
            )
        patient = actions.register(particulars=typed, by=request.actor, at=request.at)
        return redirect("desk:chart", patient=patient.id)
    context = {"form": form, "duplicates": duplicates, "today": request.at.date()}
    return page(request, "people/new_patient.html", context)


def particulars(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """Correct a person's particulars."""
    person = queries.get(patient)
    initial = {name: getattr(person, name) for name in ParticularsForm.base_fields}
    form = ParticularsForm(request.POST or None, initial=initial)
    if submitted(request, form):
        actions.correct(patient, particulars=form.cleaned_data, by=request.actor, at=request.at)
        return redirect("desk:chart", patient=patient)
    return page(request, "people/particulars.html", {"form": form, "patient": person})


def care_team(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """Who may open this record because they care for the person."""
    person, members = queries.get(patient), queries.care_team(patient)
    there = {member.id for member in members}
    choices = [
        (str(m.id), f"{m.user.name}, {m.get_role_display().lower()}")
        for m in queries.staff(request.at)
        if m.id not in there and m.role in ("prescriber", "nurse", "therapist", "coordinator")
    ]
    form = CareTeamForm(request.POST or None, choices=choices)
    if submitted(request, form):
        chosen = form.cleaned_data["membership"]
        actions.add_to_care_team(patient, membership_id=chosen, by=request.actor, at=request.at)
        return redirect("people:care_team", patient=patient)
    context = {"form": form, "patient": person, "members": members, "choices": choices}
    return page(request, "people/care_team.html", context)


def leave_care_team(request: HttpRequest, patient: uuid.UUID, membership: uuid.UUID) -> HttpResponse:
    """Take someone out of the care team."""
    actions.leave_care_team(patient, membership_id=membership, by=request.actor, at=request.at)
    return redirect("people:care_team", patient=patient)


def escort(request: HttpRequest, patient: uuid.UUID) -> HttpResponse:
    """Name who takes the patient home."""
    person = queries.get(patient)
    form = EscortForm(request.POST or None)
    if submitted(request, form):
        actions.name_escort(patient, **form.cleaned_data, by=request.actor, at=request.at)
        return redirect("desk:chart", patient=patient)
    context = {"form": form, "patient": person, "escort": queries.escort_of(patient)}
    return page(request, "people/escort.html", context)
