"""What the dosing room does on another app's event: a consent that is withdrawn shows in the room at once."""

from __future__ import annotations

from openkap.accounts.actor import Actor
from openkap.audit.events import DomainEvent
from openkap.dosing import actions, queries


def on_consent_withdrawn(event: DomainEvent) -> None:
    """Mark the session the person is in. Told twice, it is one mark; the minute's round would find it too."""
    if event.patient_id is None:
        return
    session = queries.open_of_patient(event.patient_id)
    if session is not None:
        actions.look_round(session.id, by=Actor.system(event.clinic_id, "Consent"), at=event.at)
