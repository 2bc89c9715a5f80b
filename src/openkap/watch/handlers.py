"""What the dosing room does on another app's event: a consent that is withdrawn shows in the room at once."""

from __future__ import annotations

from openkap.accounts.actor import Actor
from openkap.audit.delivery import Delivery
from openkap.consent.events import ConsentWithdrawn
from openkap.watch import actions, queries


def on_consent_withdrawn(delivery: Delivery[ConsentWithdrawn]) -> None:
    """Mark the session the person is in. Told twice, it is one mark; the minute's round would find it too."""
    if delivery.patient_id is None:
        return
    session = queries.open_of_patient(delivery.patient_id)
    if session is not None:
        actions.sweep(session.id, by=Actor.system(delivery.clinic_id, "Consent"), at=delivery.at)
