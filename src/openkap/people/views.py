"""The pages about people: the list, taking someone in, particulars, the care team, the escort."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from openkap.accounts import actions as accounts
from openkap.accounts import queries as invitations
from openkap.accounts.roles import Role
from openkap.accounts.routes import ClinicRequest
from openkap.kernel.refusal import Objection, Refused
from openkap.people import actions, queries, rules
from openkap.people.forms import (
    CareTeamForm,
    EscortForm,
    InvitePatientForm,
    NewPatientForm,
    ParticularsForm,
    SearchFirstForm,
)
from openkap.people.models import Patient
from openkap.ui.pages import page, paged, refusal_of, submitted

# A search shows more than a warning would: a family name alone is enough to be looked at.
LIKE_ENOUGH_TO_SHOW = 30


def patients(request: ClinicRequest) -> HttpResponse:
    """The people in one's care, or those whose name fits."""
    text = request.GET.get("q", "").strip()
    everyone = queries.visible_to(request.actor).order_by("family_name", "given_name", "id")
    rows = paged(request, queries.search(request.actor, text, today=request.at.date()) if text else everyone)
    return page(request, "people/patients.html", {"rows": rows, "q": text, "today": request.at.date()})


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


def new_patient(request: ClinicRequest) -> HttpResponse:
    """Take someone in, after a search for who may be the same person (hazard H29)."""
    search = SearchFirstForm(request.GET or None)
    if request.method == "GET" and not search.is_valid():
        return page(request, "people/search_first.html", {"form": search})
    form = NewPatientForm(request.POST or None, initial=request.GET.dict())
    duplicates: list[tuple[Patient, rules.PossibleDuplicate]] = []
    if request.method == "GET":
        typed = {"email": "", **search.cleaned_data}
        duplicates = queries.possible_duplicates(likeness(typed), least=LIKE_ENOUGH_TO_SHOW)
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
    context = {"form": form, "duplicates": duplicates, "searched": request.method == "GET"}
    return page(request, "people/new_patient.html", context)


def particulars(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Correct a person's particulars."""
    person = queries.get(patient)
    initial = {name: getattr(person, name) for name in ParticularsForm.base_fields}
    form = ParticularsForm(request.POST or None, initial=initial)
    if submitted(request, form):
        actions.correct(patient, particulars=form.cleaned_data, by=request.actor, at=request.at)
        return redirect("desk:chart", patient=patient)
    return page(request, "people/particulars.html", {"form": form, "patient": person})


def _care_team(request: ClinicRequest, patient: uuid.UUID, form: CareTeamForm | None = None) -> HttpResponse:
    person, members = queries.get(patient), queries.care_team(patient)
    choices = _could_join(request, patient)
    form = form or CareTeamForm(None, choices=choices)
    context = {"form": form, "patient": person, "members": members, "choices": choices}
    return page(request, "people/care_team.html", context)


def _could_join(request: ClinicRequest, patient: uuid.UUID) -> list[tuple[str, str]]:
    members = queries.care_team(patient)
    there = {member.id for member in members}
    return [
        (str(m.id), f"{m.user.name}, {m.get_role_display().lower()}")
        for m in queries.staff(request.at)
        if m.id not in there and m.role in ("prescriber", "nurse", "therapist", "coordinator")
    ]


def care_team(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Who may open this record because they care for the person."""
    form = CareTeamForm(request.POST or None, choices=_could_join(request, patient))
    if submitted(request, form):
        chosen = form.cleaned_data["membership"]
        actions.add_to_care_team(patient, membership_id=chosen, by=request.actor, at=request.at)
        return redirect("people:care_team", patient=patient)
    return _care_team(request, patient, form)


def leave_care_team(request: ClinicRequest, patient: uuid.UUID, membership: uuid.UUID) -> HttpResponse:
    """Take someone out of the care team."""
    if refusal_of(request) is None:
        actions.leave_care_team(patient, membership_id=membership, by=request.actor, at=request.at)
        return redirect("people:care_team", patient=patient)
    return _care_team(request, patient)


def escort(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Name who takes the patient home."""
    person = queries.get(patient)
    form = EscortForm(request.POST or None)
    if submitted(request, form):
        actions.name_escort(patient, **form.cleaned_data, by=request.actor, at=request.at)
        return redirect("desk:chart", patient=patient)
    context = {"form": form, "patient": person, "escort": queries.escort_of(patient)}
    return page(request, "people/escort.html", context)


def sign_in(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Give the person a way to their own page: an invitation to hand over or read out."""
    person = queries.get(patient)
    form = InvitePatientForm(request.POST or None, initial={"email": person.email})
    if submitted(request, form):
        accounts.invite(
            email=form.cleaned_data["email"],
            name=person.name,
            role=Role.PATIENT,
            patient_id=patient,
            by=request.actor,
            at=request.at,
        )
        return redirect("people:sign_in", patient=patient)
    open_now = [it for it in invitations.open_invitations(request.at) if it.patient_id == patient]
    links = [(it, request.build_absolute_uri(invitations.entry_path(it))) for it in open_now]
    return page(request, "people/sign_in.html", {"form": form, "patient": person, "links": links})
