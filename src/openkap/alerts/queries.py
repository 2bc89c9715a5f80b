"""Reading alerts: whose they are, and who comes next."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, When

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.accounts.roles import CLINICAL, Role
from openkap.alerts import covering, unscoped
from openkap.alerts.models import Alert, Step, StepKind
from openkap.people import queries as people
from openkap.tenancy.clinics import clinics_by
from openkap.tenancy.keyed_queries import keyed_query

_TEAM_ORDER = (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST)
_CLINIC_ORDER = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.PRESCRIBER)


def _ordered(rows: QuerySet[Membership], roles: tuple[str, ...]) -> list[uuid.UUID]:
    rank = Case(
        *(When(role=role, then=place) for place, role in enumerate(roles)), output_field=IntegerField()
    )
    chosen = rows.filter(role__in=roles, ended_at__isnull=True, user__is_active=True)
    return list(chosen.order_by(rank, "since", "id").values_list("id", flat=True))


def chain(patient_id: uuid.UUID | None) -> list[uuid.UUID]:
    """Everyone who may have to answer, in order.

    An alert about a person goes only to people who may open the record and can treat: the clinicians of the
    care team, then those on call. With neither, a prescriber of the clinic; a coordinator comes last, and
    only where the care team has no clinician. What is about nobody goes to the clinic's own people.
    """
    rows = Membership.objects.all()
    if patient_id is None:
        return _ordered(rows, _CLINIC_ORDER)
    members = [member.id for member in people.care_team(patient_id)]
    team = _ordered(rows.filter(id__in=members), _TEAM_ORDER)
    order = [*team, *(person for person in covering.on_call() if person not in team)]
    order = order or _ordered(rows, (Role.PRESCRIBER,))
    return order if team else [*order, *_ordered(rows, (Role.COORDINATOR,))]


def owner_for(patient_id: uuid.UUID | None, *roles: str) -> uuid.UUID | None:
    """Who should own a new alert: the first of these roles in the care team, else the first of the chain."""
    order = chain(patient_id)
    if roles and patient_id is not None:
        wanted = [member for member in people.care_team(patient_id) if member.role in roles]
        by_role = sorted(wanted, key=lambda member: (roles.index(member.role), member.since))
        if by_role:
            return by_role[0].id
    return order[0] if order else None


def visible_to(actor: Actor) -> QuerySet[Alert]:
    """The alerts an actor may see: their own and those of patients they may open; a coordinator, all."""
    if actor.role == Role.COORDINATOR:
        return Alert.objects.select_related("owner__user", "patient")
    mine = Q(owner_id=actor.membership_id) if actor.membership_id else Q(pk__in=[])
    if actor.role in (Role.PATIENT, Role.RESEARCHER, "link", "device"):
        return Alert.objects.none()
    patients = people.visible_to(actor).values("id")
    return Alert.objects.filter(mine | Q(patient_id__in=patients)).select_related("owner__user", "patient")


def open_for(actor: Actor) -> list[Alert]:
    """What waits for this actor's answer, most pressing first."""
    rows = visible_to(actor).filter(owner_id=actor.membership_id, answered_at__isnull=True)
    return list(rows.order_by("-severity", "due_at"))


def open_of_others(actor: Actor) -> list[Alert]:
    """What colleagues still have to answer, among the patients this actor may open."""
    rows = visible_to(actor).filter(answered_at__isnull=True).exclude(owner_id=actor.membership_id)
    return list(rows.order_by("-severity", "due_at"))


def closed_for(actor: Actor) -> QuerySet[Alert]:
    """What has been answered, among what this actor may see, newest first, with who did what and when."""
    rows = visible_to(actor).filter(answered_at__isnull=False).order_by("-answered_at", "-id")
    return rows.prefetch_related("steps__to__user")


def closed_of_patient(patient_id: uuid.UUID) -> QuerySet[Alert]:
    """What has been answered about one patient, newest first."""
    rows = Alert.objects.filter(patient_id=patient_id, answered_at__isnull=False)
    return rows.select_related("owner__user").prefetch_related("steps__to__user").order_by("-answered_at")


@keyed_query
def all_of_patient(patient_id: uuid.UUID) -> QuerySet[Alert]:
    """What was ever raised about one patient, the last first, with who did what and when."""
    rows = Alert.objects.filter(patient_id=patient_id).select_related("owner__user")
    return rows.prefetch_related("steps").order_by("-at", "-id")


def last_plan(patient_id: uuid.UUID, *, besides: uuid.UUID) -> Step | None:
    """The last time a safety plan was made or renewed, as it was written down on an alert."""
    rows = Step.objects.filter(alert__patient_id=patient_id, kind=StepKind.ANSWERED, outcome="plan")
    return rows.exclude(alert_id=besides).select_related("alert").order_by("-at", "-id").first()


def open_of_patient(patient_id: uuid.UUID) -> list[Alert]:
    """What is still open for one patient."""
    rows = Alert.objects.filter(patient_id=patient_id, answered_at__isnull=True)
    return list(rows.select_related("owner__user").order_by("-severity", "due_at"))


def one(actor: Actor, alert_id: uuid.UUID) -> Alert | None:
    """One alert, if the actor may see it."""
    rows = visible_to(actor).filter(id=alert_id)
    steps = Step.objects.select_related("to__user", "notice")
    return rows.prefetch_related(Prefetch("steps", steps)).first()


def who_may_take_over(patient_id: uuid.UUID | None, *, owner_id: uuid.UUID) -> list[Membership]:
    """The people an alert can be handed to."""
    order = chain(patient_id)
    rows = Membership.objects.filter(id__in=order).select_related("user")
    members = {member.id: member for member in rows}
    return [members[person] for person in order if person != owner_id]


def waiting_for(membership_id: uuid.UUID) -> int:
    """How many alerts wait for this person's answer."""
    return Alert.objects.filter(owner_id=membership_id, answered_at__isnull=True).count()


def clinics_due(moment: datetime) -> list[uuid.UUID]:
    """The clinics in which the clock may have something to do: pass on, message, raise, or end a visit."""
    return clinics_by(unscoped.DUE.name, settings.OPENKAP_MAIL_IS_SET_UP, sorted(CLINICAL))


def clinics_not_told(kind: str, cause: tuple[str, uuid.UUID]) -> list[uuid.UUID]:
    """The clinics in which no alert of this kind and cause was ever raised."""
    return clinics_by(unscoped.NOT_TOLD.name, kind, *cause)
