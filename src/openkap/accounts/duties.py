"""Reading duties: who is medical director now, and who is competent for the independent check."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from openkap.accounts.actor import Actor
from openkap.accounts.models import Duty, DutyKind, Membership
from openkap.tenancy.keyed_queries import keyed_query


@keyed_query
def all_held() -> QuerySet[Duty]:
    """Who has which duty now, by name. A duty ends with the membership it was given to."""
    rows = Duty.objects.filter(ended_at__isnull=True, membership__ended_at__isnull=True)
    rows = rows.filter(membership__user__is_active=True)
    return rows.select_related("membership__user", "signature").order_by("membership__user__name")


def held(kind: str) -> list[Duty]:
    """Who has this duty now, by name."""
    return [duty for duty in all_held() if duty.kind == kind]


def medical_director() -> Membership | None:
    """The medical director, when one is named."""
    named = held(DutyKind.MEDICAL_DIRECTOR)
    return named[0].membership if named else None


def is_director(actor: Actor) -> bool:
    """Whether this actor, in the membership they act in, is the medical director."""
    director = medical_director()
    return director is not None and director.id == actor.membership_id


def competent_for_check() -> dict[uuid.UUID, str]:
    """The people whom the medical director has named for the independent check: user and name."""
    return {it.membership.user_id: it.membership.user.name for it in held(DutyKind.INDEPENDENT_CHECK)}


def can_be_named(kind: str) -> list[Membership]:
    """The members a duty could be given to."""
    roles = ("prescriber",) if kind == DutyKind.MEDICAL_DIRECTOR else ("prescriber", "nurse", "therapist")
    rows = Membership.objects.filter(role__in=roles, ended_at__isnull=True, user__is_active=True)
    taken = {it.membership_id for it in held(kind)}
    return [row for row in rows.select_related("user").order_by("user__name", "role") if row.id not in taken]
