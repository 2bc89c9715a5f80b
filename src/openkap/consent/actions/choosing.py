"""Choices, and the time in which nobody may sign."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.consent import queries, rules
from openkap.consent.actions.locking import locked, signer_of
from openkap.consent.events import ChoicesMade, ImpairmentBegan, ImpairmentEnded
from openkap.consent.models import Choice, Impairment
from openkap.kernel.refusal import Objection, refuse_if


@transaction.atomic
def choose(
    patient_id: uuid.UUID,
    *,
    values: dict[str, str],
    by: Actor,
    at: datetime,
    hand_over_id: uuid.UUID | None = None,
) -> None:
    """Keep the choices. Only the person allows more, and once a dose has started not even they do (H19)."""
    locked(patient_id)
    chosen, since = queries.choices(patient_id), queries.impaired_since(patient_id)
    signer = signer_of(by, patient_id, hand_over_id=hand_over_id)
    objections: list[Objection] = []
    for name, value in values.items():
        objections += rules.objections_to_choosing(
            name=name,
            value=value,
            now_chosen=chosen.get(name, ""),
            impaired_since=since,
            by_the_person=signer.is_the_person,
        )
    refuse_if(objections)
    fresh = not queries.choices_made(patient_id)
    changed = {n: v.strip() for n, v in values.items() if fresh or v.strip() != chosen[n]}
    for name, value in changed.items():
        Choice.objects.create(patient_id=patient_id, name=name, value=value, **by.stamp(at))
    if changed:
        made = ChoicesMade(names=tuple(sorted(changed)), during_session=since is not None)
        record(made, by=by, at=at, patient_id=patient_id)


@transaction.atomic
def begin_impairment(
    patient_id: uuid.UUID, *, cause: tuple[str, uuid.UUID], by: Actor, at: datetime
) -> Impairment:
    """A dose has started: from now on nothing is signed. Told twice, it holds once."""
    locked(patient_id)
    impairment, new = Impairment.objects.get_or_create(
        patient_id=patient_id, cause_kind=cause[0], cause_id=cause[1], defaults=by.stamp(at)
    )
    if new:
        record(ImpairmentBegan(), by=by, at=at, patient_id=patient_id, subject=cause)
    return impairment


@transaction.atomic
def end_impairment(patient_id: uuid.UUID, *, cause: tuple[str, uuid.UUID], by: Actor, at: datetime) -> None:
    """The person has left in a clear state."""
    locked(patient_id)
    impairment = Impairment.objects.filter(
        patient_id=patient_id, cause_kind=cause[0], cause_id=cause[1], ended_at__isnull=True
    ).first()
    if impairment is None:
        return
    impairment.ended_at, impairment.ended_by_name = at, by.name
    impairment.save(update_fields=["ended_at", "ended_by_name"])
    record(ImpairmentEnded(), by=by, at=at, patient_id=patient_id, subject=cause)
