"""What people does when an invited patient has accepted: the sign-in is tied to the record."""

from __future__ import annotations

import uuid

from openkap.accounts.actor import Actor
from openkap.audit.events import DomainEvent
from openkap.people import actions, queries


def on_invitation_accepted(event: DomainEvent) -> None:
    """Tie the sign-in to the record it was made for. Told twice, it holds once."""
    if event.patient_id is None:
        return
    user_id = uuid.UUID(event.details["user"])
    if not queries.signs_in_as(event.patient_id, user_id):
        by = Actor.system(event.clinic_id, "Invitations")
        actions.give_sign_in(event.patient_id, user_id=user_id, by=by, at=event.at)
