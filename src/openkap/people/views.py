"""The pages about people: the list, taking someone in, particulars, the care team, the escort."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts import actions as accounts_actions
from openkap.accounts import queries as invitations
from openkap.accounts.calls import ClinicRequest
from openkap.accounts.roles import Role
from openkap.kernel.refusal import refuse_if
from openkap.people import actions, holds, queries, rules
from openkap.people.forms import (
    CareTeamForm,
    EscortForm,
    InvitePatientForm,
    LostAccessForm,
    NewPatientForm,
    ParticularsForm,
    RoomForm,
    SearchFirstForm,
    SiteForm,
)
from openkap.people.models import Patient, Room, Site
from openkap.ui import links
from openkap.ui.pages import page, paged
from openkap.ui.typed import bound, read

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
    form = _new_form(request)
    if not form.is_bound and not search.is_valid():
        return page(request, "people/search_first.html", {"form": search})
    if form.is_bound:
        duplicates = queries.possible_duplicates(likeness(form.cleaned_data)) if form.is_valid() else []
    else:
        typed = {"email": "", **search.cleaned_data}
        duplicates = queries.possible_duplicates(likeness(typed), least=LIKE_ENOUGH_TO_SHOW)
    context = {"form": form, "duplicates": duplicates, "searched": not form.is_bound}
    return page(request, "people/new_patient.html", context)


def _new_form(request: ClinicRequest) -> NewPatientForm:
    return bound(request, "new_patient", NewPatientForm, initial=request.GET.dict())


def register(request: ClinicRequest) -> HttpResponse:
    """Take someone in whom nobody here may be, or who is looked at and is not the same."""
    particulars = read(_new_form(request))
    not_the_same = particulars.pop("not_the_same")
    any_alike = bool(queries.possible_duplicates(likeness(particulars)))
    refuse_if(rules.objections_to_duplicates(any_found=any_alike, not_the_same=not_the_same))
    patient = actions.register(particulars=particulars, by=request.actor, at=request.at)
    return redirect(links.to("record", patient=patient.id))


def _particulars_form(request: ClinicRequest, person: Patient) -> ParticularsForm:
    initial = {name: getattr(person, name) for name in ParticularsForm.base_fields}
    return bound(request, "particulars", ParticularsForm, initial=initial)


def particulars(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """A person's particulars, to correct them."""
    person = queries.get(patient)
    context = {"form": _particulars_form(request, person), "patient": person}
    return page(request, "people/particulars.html", context)


def correct(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Correct a person's particulars."""
    typed = read(_particulars_form(request, queries.get(patient)))
    actions.correct(patient, particulars=typed, by=request.actor, at=request.at)
    return redirect(links.to("record", patient=patient))


def _care_team_form(request: ClinicRequest, patient: uuid.UUID) -> CareTeamForm:
    return bound(request, "care_team", CareTeamForm, choices=_could_join(request, patient))


def _could_join(request: ClinicRequest, patient: uuid.UUID) -> list[tuple[str, str]]:
    members = queries.care_team(patient)
    there = {member.id for member in members}
    return [
        (str(m.id), f"{m.user.name}, {m.get_role_display().lower()}")
        for m in queries.staff(request.at)
        if m.id not in there and m.role in ("prescriber", "nurse", "therapist", "coordinator")
    ]


def care_team(request: ClinicRequest, patient: uuid.UUID, **_: uuid.UUID) -> HttpResponse:
    """Who may open this record because they care for the person."""
    context = {
        "form": _care_team_form(request, patient),
        "patient": queries.get(patient),
        "members": queries.care_team(patient),
        "choices": _could_join(request, patient),
    }
    return page(request, "people/care_team.html", context)


def join_care_team(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Take someone into the care team."""
    chosen = read(_care_team_form(request, patient))["membership"]
    actions.add_to_care_team(patient, membership_id=chosen, by=request.actor, at=request.at)
    return redirect("people:care_team", patient=patient)


def leave_care_team(request: ClinicRequest, patient: uuid.UUID, membership: uuid.UUID) -> HttpResponse:
    """Take someone out of the care team."""
    actions.leave_care_team(patient, membership_id=membership, by=request.actor, at=request.at)
    return redirect("people:care_team", patient=patient)


def escort(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Who takes the patient home."""
    context = {
        "form": bound(request, "escort", EscortForm),
        "patient": queries.get(patient),
        "escort": queries.escort_of(patient),
    }
    return page(request, "people/escort.html", context)


def name_escort(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Name who takes the patient home."""
    typed = read(bound(request, "escort", EscortForm))
    actions.name_escort(patient, **typed, by=request.actor, at=request.at)
    return redirect(links.to("record", patient=patient))


def sign_in(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """A way for the person to their own page: invitations to hand over or read out."""
    person = queries.get(patient)
    form = bound(request, "sign_in", InvitePatientForm, initial={"email": person.email})
    open_now = [it for it in invitations.open_invitations(request.at) if it.patient_id == patient]
    links = [(it, request.build_absolute_uri(invitations.entry_path(it))) for it in open_now]
    resets = [
        (row, link and request.build_absolute_uri(link))
        for row, link in invitations.open_resets(request.at)
        if row.membership.user_id == person.user_id
    ]
    context = {
        "form": form,
        "lost": bound(request, "lost_access", LostAccessForm),
        "patient": person,
        "links": links,
        "resets": resets,
    }
    return page(request, "people/sign_in.html", context)


def vouch(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Say that this person has lost their way in, and how they were recognised; a link goes to them."""
    why = read(bound(request, "lost_access", LostAccessForm))["why"]
    user_id = queries.get(patient).user_id
    membership = invitations.patients_membership(user_id) if user_id else None
    if membership is None:
        raise Http404
    accounts_actions.vouch_for_lost_factor(membership.id, why=why, by=request.actor, at=request.at)
    return redirect("people:sign_in", patient=patient)


def invite(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Invite the person to their own page."""
    accounts_actions.invite(
        email=read(bound(request, "sign_in", InvitePatientForm))["email"],
        name=queries.get(patient).name,
        role=Role.PATIENT,
        patient_id=patient,
        by=request.actor,
        at=request.at,
    )
    return redirect("people:sign_in", patient=patient)


def rooms(request: ClinicRequest, **_: uuid.UUID) -> HttpResponse:
    """The clinic's sites, with their rooms."""
    known, uses = queries.sites(), holds.uses_of_rooms()
    running, planned = uses.get("running", {}), uses.get("planned", {})
    context = {
        "sites": [
            (site, [(room, running.get(room.id, 0), planned.get(room.id, 0)) for room in rooms])
            for site, rooms in known
        ],
        "room": _room_form(request, known),
        "site_form": bound(request, "site", SiteForm),
    }
    return page(request, "people/rooms.html", context)


def _room_form(request: ClinicRequest, known: list[tuple[Site, list[Room]]]) -> RoomForm:
    return bound(request, "room", RoomForm, sites=[(str(site.id), site.name) for site, _ in known])


def add_site(request: ClinicRequest) -> HttpResponse:
    """Add a building."""
    actions.open_site(**read(bound(request, "site", SiteForm)), by=request.actor, at=request.at)
    return redirect("people:rooms")


def add_room(request: ClinicRequest) -> HttpResponse:
    """Add a room to one of the sites."""
    typed = read(_room_form(request, queries.sites()))
    actions.open_room(uuid.UUID(typed["site"]), name=typed["name"], by=request.actor, at=request.at)
    return redirect("people:rooms")


ROOM_FORMS = {"site": add_site, "room": add_room}


def close_room(request: ClinicRequest, room: uuid.UUID) -> HttpResponse:
    """Take a room out of use."""
    actions.close_room(room, by=request.actor, at=request.at)
    return redirect("people:rooms")
