"""Naming people for duties."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts import duties, joining, rules
from openkap.accounts.actions.signing import sign
from openkap.accounts.actor import Actor
from openkap.accounts.events import DutyEnded, DutyGiven
from openkap.accounts.models import Duty, DutyKind, Membership
from openkap.audit.actions import record
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if
from openkap.tenancy.locks import lock_numbers


def _namer(by: Actor) -> rules.Namer:
    return rules.Namer(by.user_id, by.role, is_director=duties.is_director(by))


@transaction.atomic
def name_duty(membership_id: uuid.UUID, *, kind: str, typed_name: str, by: Actor, at: datetime) -> Duty:
    """Name a person for a duty, and sign it. A new medical director takes the place of the one before."""
    member = Membership.objects.select_for_update().select_related("user").get(id=membership_id)
    lock_numbers(f"accounts.duty:{kind}")
    holders = duties.held(kind)
    refuse_if(
        rules.objections_to_naming(
            kind,
            rules.Candidate(
                member.user_id,
                member.role,
                is_here=member.ended_at is None,
                holds_it=member.id in {it.membership_id for it in holders},
            ),
            by=_namer(by),
        )
    )
    if kind == DutyKind.MEDICAL_DIRECTOR:
        for earlier in Duty.objects.filter(kind=kind, ended_at__isnull=True):
            _end(earlier, why=f"{member.user.name} takes it over", at=at)
    key = uuid7()
    words = f"{member.user.name}: {DutyKind(kind).label}"
    signature = sign(
        words.encode(),
        meaning=f"Named as {DutyKind(kind).label.lower()}",
        typed_name=typed_name,
        subject=("duty", key),
        by=by,
        at=at,
    )
    duty = Duty.objects.create(id=key, membership=member, kind=kind, signature=signature, **by.stamp(at))
    record(
        DutyGiven(kind=kind, membership_id=member.id),
        by=by,
        at=at,
        subject=("duty", duty.id),
    )
    return duty


def _end(duty: Duty, *, why: str, at: datetime) -> None:
    duty.ended_at, duty.end_reason = at, why.strip()[:300]
    duty.save(update_fields=["ended_at", "end_reason"])


@transaction.atomic
def end_duty(duty_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Take a duty away; what the person did while they had it stays."""
    duty = Duty.objects.select_for_update().filter(id=duty_id).first()
    if duty is None:
        raise joining.no_such_duty()
    ended = duty.ended_at is not None
    refuse_if(rules.objections_to_ending(duty.kind, by=_namer(by), ended=ended, why=why))
    _end(duty, why=why, at=at)
    record(DutyEnded(), by=by, at=at, subject=("duty", duty.id), why=why)
