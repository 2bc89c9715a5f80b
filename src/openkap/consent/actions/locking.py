"""The patient's lock, so that a dose and a signature cannot cross; and who it is that acts."""

from __future__ import annotations

import uuid

from openkap.accounts.actor import Actor
from openkap.consent import rules
from openkap.consent.models import HandOver
from openkap.people.models import Patient


def locked(patient_id: uuid.UUID) -> Patient:
    """The patient, locked until the transaction ends. Raises Refused when there is none."""
    patient = Patient.objects.select_for_update(no_key=True).filter(id=patient_id).first()
    if patient is None:
        raise rules.no_such_record()
    return patient


def signer_of(by: Actor, patient_id: uuid.UUID, *, hand_over_id: uuid.UUID | None) -> rules.Signer:
    """Who acts, and whether the screen is in this person's hands now."""
    is_open = (
        hand_over_id is not None
        and HandOver.objects.filter(id=hand_over_id, patient_id=patient_id, ended_at__isnull=True).exists()
    )
    return rules.Signer(by.role, by.is_person, hand_over_open=is_open)
