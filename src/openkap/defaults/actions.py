"""The writers of defaults: proposing a number, and signing one."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts import duties
from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.defaults import loading, queries, rules
from openkap.defaults.events import DefaultProposed, DefaultSigned, ShippedDefaultsSigned
from openkap.defaults.models import ProposedDefault, SignedDefault
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Objection, refuse_if
from openkap.tenancy.locks import lock_numbers


@transaction.atomic
def propose(key: str, *, value: int, why: str, by: Actor, at: datetime) -> ProposedDefault:
    """Propose another value for one of the clinic's numbers; signed by the director it acts."""
    lock_numbers("defaults")
    number = loading.number(key)
    now = queries.value_now(number) if number else 0
    refuse_if(rules.objections_to_proposing(number, value, now=now, why=why))
    assert number is not None
    proposal = ProposedDefault.objects.create(
        group=number.group, name=number.name, value=value, why=why.strip()[:300], **by.stamp(at)
    )
    record(DefaultProposed(number=key, value=value), by=by, at=at, subject=("default", proposal.id), why=why)
    return proposal


@transaction.atomic
def sign_proposal(proposal_id: uuid.UUID, *, typed_name: str, by: Actor, at: datetime) -> SignedDefault:
    """The medical director signs a number that somebody else proposed; from now on it acts in this clinic."""
    lock_numbers("defaults")
    proposal = ProposedDefault.objects.filter(id=proposal_id).first()
    if proposal is None:
        raise rules.no_such_proposal()
    signed = SignedDefault.objects.filter(proposal=proposal).exists()
    refuse_if(
        [
            *_objections_to_signer(by),
            *rules.objections_to_signing(proposed_by=proposal.by_id, signer=by.user_id, signed=signed),
        ]
    )
    made = _signed(
        proposal.key, proposal.value, typed_name=typed_name, why=proposal.why, proposal=proposal, by=by, at=at
    )
    record(
        DefaultSigned(number=proposal.key, value=proposal.value),
        by=by,
        at=at,
        subject=("default", proposal.id),
    )
    return made


@transaction.atomic
def sign_shipped(keys: list[str], *, typed_name: str, by: Actor, at: datetime) -> list[SignedDefault]:
    """The medical director signs numbers as they ship: this clinic stands by them from now on."""
    lock_numbers("defaults")
    wanted = list(dict.fromkeys(keys))
    known = {number.key: number for group in loading.groups() for number in group.numbers}
    signed = queries.signed_keys()
    refuse_if(
        [
            *_objections_to_signer(by),
            *rules.objections_to_signing_shipped(wanted, known=known, signed=signed),
        ]
    )
    rows = [
        _signed(key, known[key].value, typed_name=typed_name, why="As it ships", proposal=None, by=by, at=at)
        for key in wanted
    ]
    record(ShippedDefaultsSigned(numbers=tuple(wanted)), by=by, at=at)
    return rows


def _objections_to_signer(by: Actor) -> list[Objection]:
    director = duties.medical_director()
    return rules.objections_to_signer(
        director=director.user.name if director else "", is_director=duties.is_director(by)
    )


def _signed(
    key: str,
    value: int,
    *,
    typed_name: str,
    why: str,
    proposal: ProposedDefault | None,
    by: Actor,
    at: datetime,
) -> SignedDefault:
    number = loading.number(key)
    assert number is not None
    row_id = uuid7()
    words = f"{key}\n{number.says}: {value} {number.unit}\nRange: {number.low} to {number.high}\nWhy: {why}"
    signature = sign(
        words.encode(),
        meaning="Acts in this clinic from now on",
        typed_name=typed_name,
        subject=("signed_default", row_id),
        by=by,
        at=at,
    )
    return SignedDefault.objects.create(
        id=row_id,
        group=number.group,
        name=number.name,
        value=value,
        proposal=proposal,
        signature=signature,
        **by.stamp(at),
    )
