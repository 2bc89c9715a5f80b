"""The writers of people: patients, care teams, escorts, sites and rooms."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.accounts.roles import CLINICAL, Role
from openkap.audit.actions import record
from openkap.kernel.refusal import refuse_if
from openkap.people import finding, holds, rules
from openkap.people.events import (
    CareTeamJoined,
    CareTeamLeft,
    EscortNamed,
    PatientCorrected,
    PatientRegistered,
    RoomClosed,
    RoomOpened,
    SignInGiven,
    SiteOpened,
)
from openkap.people.models import CareTeamMember, Escort, Patient, Room, SearchWord, Site
from openkap.tenancy.locks import lock_numbers

_PARTICULARS = (
    "given_name",
    "family_name",
    "pronouns",
    "birth_date",
    "sex",
    "phone",
    "email",
    "address",
    "language",
)


def _next_mrn() -> str:
    """The next record number of this clinic; the caller holds the clinic's number lock."""
    numbers = Patient.objects.filter(mrn__regex=r"^KAP-\d+$").values_list("mrn", flat=True)
    highest = max((int(number[4:]) for number in numbers), default=0)
    return f"KAP-{highest + 1:04d}"


def _keep_words(patient: Patient) -> None:
    """What a search finds the record by, written with its names in one transaction."""
    SearchWord.objects.filter(record=patient).delete()
    words = finding.kept_words(patient.given_name, patient.family_name, number=patient.mrn)
    SearchWord.objects.bulk_create(
        [SearchWord(clinic_id=patient.clinic_id, record=patient, word=word) for word in sorted(words)]
    )


@transaction.atomic
def register(*, particulars: dict[str, Any], by: Actor, at: datetime) -> Patient:
    """Take a person into the clinic's care and give them a record number."""
    known = {key: particulars[key] for key in _PARTICULARS if key in particulars}
    refuse_if(
        rules.objections_to_patient(
            given_name=known.get("given_name", ""),
            family_name=known.get("family_name", ""),
            birth_date=known["birth_date"],
            today=at.date(),
        )
    )
    lock_numbers("people.mrn")
    patient = Patient.objects.create(mrn=_next_mrn(), **known, **by.stamp(at))
    _keep_words(patient)
    record(
        PatientRegistered(mrn=patient.mrn),
        by=by,
        at=at,
        patient_id=patient.id,
        subject=("patient", patient.id),
    )
    return patient


@transaction.atomic
def correct(patient_id: uuid.UUID, *, particulars: dict[str, Any], by: Actor, at: datetime) -> Patient:
    """Correct a person's particulars; the older version stays in the history."""
    patient = Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    changed = {
        key: particulars[key]
        for key in _PARTICULARS
        if key in particulars and getattr(patient, key) != particulars[key]
    }
    for key, value in changed.items():
        setattr(patient, key, value)
    refuse_if(
        rules.objections_to_patient(
            given_name=patient.given_name,
            family_name=patient.family_name,
            birth_date=patient.birth_date,
            today=at.date(),
        )
    )
    patient.save(update_fields=[*changed] or None)
    if {"given_name", "family_name"} & changed.keys():
        _keep_words(patient)
    record(PatientCorrected(fields=tuple(sorted(changed))), by=by, at=at, patient_id=patient.id)
    return patient


@transaction.atomic
def give_sign_in(patient_id: uuid.UUID, *, user_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Tie a person's own sign-in to their record."""
    patient = Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    refuse_if(rules.objections_to_sign_in(taken=patient.user_id not in (None, user_id)))
    patient.user_id = user_id
    patient.save(update_fields=["user_id"])
    record(SignInGiven(user_id=user_id), by=by, at=at, patient_id=patient.id)


@transaction.atomic
def add_to_care_team(
    patient_id: uuid.UUID, *, membership_id: uuid.UUID, by: Actor, at: datetime
) -> CareTeamMember:
    """Put a member of staff into a patient's care team; from now on they may open the record."""
    membership = Membership.objects.select_related("user").filter(id=membership_id).first()
    if membership is None:
        raise rules.not_a_member()
    refuse_if(
        rules.objections_to_joining(
            name=membership.user.name,
            may_join=membership.role in CLINICAL | {Role.COORDINATOR},
            has_left=membership.ended_at is not None,
        )
    )
    Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    member = CareTeamMember.objects.filter(
        patient_id=patient_id, membership_id=membership_id, ended_at__isnull=True
    ).first()
    if member is not None:
        if member.for_kind:  # let in for an alert before; now of the team
            member.for_kind, member.for_id = "", None
            member.save(update_fields=["for_kind", "for_id"])
        return member
    member = CareTeamMember.objects.create(patient_id=patient_id, membership_id=membership_id, **by.stamp(at))
    _note_joined(member, membership, by=by, at=at)
    return member


def _note_joined(member: CareTeamMember, membership: Membership, *, by: Actor, at: datetime) -> None:
    record(
        CareTeamJoined(name=membership.user.name, role=membership.role, for_kind=member.for_kind),
        by=by,
        at=at,
        patient_id=member.patient_id,
        subject=("membership", membership.id),
    )


@transaction.atomic
def let_in(
    patient_id: uuid.UUID, *, membership_id: uuid.UUID, cause: tuple[str, uuid.UUID], by: Actor, at: datetime
) -> CareTeamMember:
    """Let somebody into a care team for one thing, such as an alert; a member stays what they are.

    It takes no lock on the patient: alerts are raised while a session is held, and the patient comes first.
    """
    member, new = CareTeamMember.objects.get_or_create(
        patient_id=patient_id,
        membership_id=membership_id,
        ended_at=None,
        defaults={"for_kind": cause[0], "for_id": cause[1], **by.stamp(at)},
    )
    if new:
        _note_joined(member, Membership.objects.select_related("user").get(id=membership_id), by=by, at=at)
    return member


@transaction.atomic
def leave_care_team(patient_id: uuid.UUID, *, membership_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take a member of staff out of a patient's care team."""
    left = CareTeamMember.objects.filter(
        patient_id=patient_id, membership_id=membership_id, ended_at__isnull=True
    ).update(ended_at=at)
    refuse_if(rules.objections_to_leaving(was_there=bool(left)))
    record(CareTeamLeft(), by=by, at=at, patient_id=patient_id, subject=("membership", membership_id))


@transaction.atomic
def name_escort(
    patient_id: uuid.UUID, *, name: str, phone: str, relation: str = "", by: Actor, at: datetime
) -> Escort:
    """Write down who takes the patient home."""
    refuse_if(rules.objections_to_escort(name=name, phone=phone))
    escort = Escort.objects.create(
        patient_id=patient_id,
        name=name.strip(),
        phone=phone.strip(),
        relation=relation.strip(),
        **by.stamp(at),
    )
    record(EscortNamed(), by=by, at=at, patient_id=patient_id, subject=("escort", escort.id))
    return escort


@transaction.atomic
def open_site(*, name: str, address: str = "", by: Actor, at: datetime) -> Site:
    """Add a building the clinic works in."""
    site = Site.objects.create(clinic_id=by.clinic_id, name=name, address=address)
    record(SiteOpened(name=name), by=by, at=at, subject=("site", site.id))
    return site


@transaction.atomic
def open_room(site_id: uuid.UUID, *, name: str, by: Actor, at: datetime) -> Room:
    """Add a room to a site."""
    exists = Room.objects.filter(site_id=site_id, name=name).exists()
    refuse_if(rules.objections_to_room(name=name, exists=exists))
    room = Room.objects.create(clinic_id=by.clinic_id, site_id=site_id, name=name)
    record(RoomOpened(name=name), by=by, at=at, subject=("room", room.id))
    return room


@transaction.atomic
def close_room(room_id: uuid.UUID, *, by: Actor, at: datetime) -> Room:
    """Take a room out of use. What was done in it stays where it was."""
    room = Room.objects.select_for_update().get(id=room_id)
    uses = {use: counts.get(room.id, 0) for use, counts in holds.uses_of_rooms().items()}
    closed = room.closed_at is not None
    refuse_if(rules.objections_to_closing_room(name=room.name, closed=closed, **uses))
    room.closed_at = at
    room.save(update_fields=["closed_at"])
    record(RoomClosed(name=room.name), by=by, at=at, subject=("room", room.id))
    return room
