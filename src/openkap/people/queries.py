"""Reading people. Every list starts from what the actor may see."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.accounts.roles import CLINICAL, Role
from openkap.people import finding, rules
from openkap.people.models import CareTeamMember, Escort, Merge, Patient, Room, SearchWord, Site
from openkap.tenancy.asked import asked_once
from openkap.tenancy.keyed_queries import keyed_query


def standing_merges() -> QuerySet[Merge]:
    """The merges two people agreed on, and nobody has undone."""
    return Merge.objects.filter(confirmed_at__isnull=False, undone_at__isnull=True)


def everyone() -> QuerySet[Patient]:
    """Every person here once: a record that was merged into another is not one of its own."""
    return Patient.objects.exclude(id__in=standing_merges().values("gone_id"))


def visible_to(actor: Actor) -> QuerySet[Patient]:
    """The patients this actor may open: all for a coordinator, their own care teams for clinical staff."""
    if actor.role in (Role.COORDINATOR, "system"):
        return everyone()
    if actor.role in CLINICAL and actor.membership_id is not None:
        mine = CareTeamMember.objects.filter(
            patient=OuterRef("pk"), membership_id=actor.membership_id, ended_at__isnull=True
        )
        return everyone().filter(Exists(mine))
    if actor.role == Role.PATIENT:
        return everyone().filter(_is_of(actor.user_id))
    return Patient.objects.none()


def _is_of(user_id: uuid.UUID | None) -> Q:
    """The record this sign-in was tied to, or the one that record was merged into."""
    own = standing_merges().filter(gone__user_id=user_id).values("kept_id")
    return Q(user_id=user_id) | Q(id__in=own)


def is_in_care_team(actor: Actor, patient_id: uuid.UUID) -> bool:
    """Whether the actor is in the patient's care team now."""
    if actor.membership_id is None or actor.role == Role.PATIENT:
        return False
    return CareTeamMember.objects.filter(
        patient_id=patient_id, membership_id=actor.membership_id, ended_at__isnull=True
    ).exists()


def is_self(actor: Actor, patient_id: uuid.UUID) -> bool:
    """Whether the record is the actor's own; whoever works here is no patient while they act in that role."""
    if actor.user_id is None or actor.role != Role.PATIENT:
        return False
    return everyone().filter(_is_of(actor.user_id), id=patient_id).exists()


def exists(patient_id: uuid.UUID) -> uuid.UUID | None:
    """The patient's id when there is such a record here; the other's, when it was merged into one."""
    patient = _with_kept(patient_id)
    return None if patient is None else patient.kept_id


@asked_once
def _with_kept(patient_id: uuid.UUID) -> Any:
    """The patient, and as `kept_id` the record they have become: their own, or the one it was merged into."""
    into = standing_merges().filter(gone_id=OuterRef("id")).values("kept_id")
    kept = Coalesce(Subquery(into), F("id"), output_field=UUIDField())
    return Patient.objects.filter(id=patient_id).annotate(kept_id=kept).first()


def patient_of_merge(merge_id: uuid.UUID) -> uuid.UUID | None:
    """Whose record a merge keeps."""
    return Merge.objects.filter(id=merge_id).values_list("kept_id", flat=True).first()


PATIENT_OF = {"patient": exists, "merge": patient_of_merge}
DECIDE_MERGES = (Role.COORDINATOR, Role.PRESCRIBER, Role.NURSE)
RELATIONS = {"care_team": is_in_care_team, "self": is_self}


def signs_in_as(patient_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    """Whether the record is already tied to this sign-in."""
    return Patient.objects.filter(id=patient_id, user_id=user_id).exists()


def get(patient_id: uuid.UUID) -> Patient:
    """One patient by key; on a page that is read, the row by which it was let in."""
    patient: Patient | None = _with_kept(patient_id)
    if patient is None:
        raise Patient.DoesNotExist
    return patient


def by_mrn(mrn: str) -> Patient | None:
    """The person who goes by this record number, also one of a record that was merged into theirs."""
    rows = Patient.objects.filter(mrn__iexact=mrn.strip())
    known = rows.first()
    return get(exists(known.id) or known.id) if known else None


def own_record(actor: Actor) -> Patient | None:
    """The record of the signed-in patient."""
    return everyone().filter(_is_of(actor.user_id)).order_by("id").first() if actor.user_id else None


def record_ids(patient_id: uuid.UUID) -> list[uuid.UUID]:
    """The record itself and those that were merged into it: who read either has read of the person."""
    return [patient_id, *standing_merges().filter(kept_id=patient_id).values_list("gone_id", flat=True)]


def records_of(patient_id: uuid.UUID) -> QuerySet[Patient]:
    """The same records, to be looked for inside another question."""
    gone = standing_merges().filter(kept_id=patient_id).values("gone_id")
    return Patient.objects.filter(Q(id=patient_id) | Q(id__in=gone))


def merges_of(patient_id: uuid.UUID) -> list[Merge]:
    """Every merge this record has part in, newest first, those that were withdrawn or undone too."""
    rows = Merge.objects.filter(Q(kept_id=patient_id) | Q(gone_id=patient_id))
    return list(rows.select_related("kept", "gone").order_by("-at", "-id"))


def merge(merge_id: uuid.UUID) -> Merge:
    """One merge by key, with the two records."""
    return Merge.objects.select_related("kept", "gone").get(id=merge_id)


@keyed_query
def open_merges_of(patient_id: uuid.UUID) -> QuerySet[Merge]:
    """The proposals about this record that wait for a second person."""
    rows = Merge.objects.filter(Q(kept_id=patient_id) | Q(gone_id=patient_id))
    rows = rows.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True)
    return rows.select_related("kept", "gone").order_by("at", "id")


def search(actor: Actor, text: str, *, today: date) -> QuerySet[Patient]:
    """People by name, record number or birth date, among those the actor may see; nobody without a word."""
    asked = finding.asked_for(text, today=today)
    if not asked:
        return Patient.objects.none()
    rows = visible_to(actor)
    if asked.has_date:
        rows = rows.filter(birth_date__in=asked.dates)
    for word in asked.words:
        rows = rows.filter(_fits(finding.sought(word)))
    return rows.order_by("family_name", "given_name", "id")


def _fits(word: finding.WordSought) -> Q:
    """Whoever goes by the word, also in a record that was merged into theirs, or was born in that year."""
    fitting = _people_of(SearchWord.objects.filter(word__in=sorted(word.numbers)))
    if word.start:  # a union: the planner does not look for both in the index at once
        fitting = fitting.union(_people_of(_beginning(word)), all=True)
    fits = Q(id__in=fitting)
    return fits | Q(birth_date__year=word.year) if word.year else fits


def _beginning(word: finding.WordSought) -> QuerySet[SearchWord]:
    return SearchWord.objects.filter(word__gte=word.start, word__lt=word.after)


def _people_of(words: QuerySet[SearchWord]) -> QuerySet[SearchWord, Any]:
    into = standing_merges().filter(gone_id=OuterRef("record_id")).values("kept_id")
    person = Coalesce(Subquery(into), F("record_id"), output_field=UUIDField())
    return words.annotate(person=person).values("person")


@keyed_query
def care_team(patient_id: uuid.UUID) -> QuerySet[Membership]:
    """The members of a patient's care team, as memberships with their people."""
    members = CareTeamMember.objects.filter(patient_id=patient_id, ended_at__isnull=True)
    rows = Membership.objects.filter(id__in=members.values("membership_id")).select_related("user")
    return rows.order_by("role", "user__name")


def let_in_for(kind: str) -> list[CareTeamMember]:
    """Who is in a care team only for something that has come up, such as an alert while on call."""
    return list(CareTeamMember.objects.filter(for_kind=kind, ended_at__isnull=True).order_by("id"))


def staff(at: datetime) -> list[Membership]:
    """Everyone who works here now."""
    rows = Membership.objects.filter(since__lte=at).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    return list(rows.exclude(role=Role.PATIENT).select_related("user").order_by("user__name", "role"))


@keyed_query
def escorts(patient_id: uuid.UUID) -> QuerySet[Escort]:
    """The escorts a person has named, the last first."""
    return Escort.objects.filter(patient_id=patient_id, voided_at__isnull=True).order_by("-id")


def escort_of(patient_id: uuid.UUID) -> Escort | None:
    """The escort named last."""
    return next(iter(escorts(patient_id)), None)


def sites() -> list[tuple[Site, list[Room]]]:
    """Every site with its rooms, those in use first."""
    rows = Site.objects.prefetch_related("rooms").order_by("name")
    return [
        (site, sorted(site.rooms.all(), key=lambda it: (it.closed_at is not None, it.name))) for site in rows
    ]


@asked_once
def rooms() -> list[Room]:
    """The rooms in use."""
    return list(
        Room.objects.filter(closed_at__isnull=True).select_related("site").order_by("site__name", "name")
    )


def possible_duplicates(
    new: rules.Likeness, *, least: int = 50
) -> list[tuple[Patient, rules.PossibleDuplicate]]:
    """People here who may be the one who is being taken in, likeliest first.

    Coordinators alone take people in, so the whole clinic is compared: a search in the database would miss
    who is written in another script, with an accent, or with day and month exchanged (H29).
    """
    names = ("id", "given_name", "family_name", "birth_date", "phone", "email")
    known = [rules.Likeness(*row) for row in everyone().order_by().values_list(*names)]
    alike = rules.possible_duplicates(new, known, least=least)
    people = Patient.objects.in_bulk([it.id for it in alike])
    return [(people[it.id], it) for it in alike]


def possible_duplicates_of(person: Patient) -> list[tuple[Patient, rules.PossibleDuplicate]]:
    """Who else here may be this person, likeliest first."""
    names = (person.given_name, person.family_name, person.birth_date, person.phone, person.email)
    alike = possible_duplicates(rules.Likeness(person.id, *names))
    return [(other, why) for other, why in alike if other.id != person.id]


def _told_of_merge(merge_id: uuid.UUID) -> list[tuple[str, str]]:
    told_merge = merge(merge_id)
    return [
        (_("Records"), f"{told_merge.kept.mrn}, {told_merge.gone.mrn}"),
        (_("Proposed by"), told_merge.by_name),
        (_("Because"), told_merge.why),
    ]


EXPLAINED = {"merge": _told_of_merge}
