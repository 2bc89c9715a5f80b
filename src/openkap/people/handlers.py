"""What people does when an invited patient has accepted: the sign-in is tied to the record."""

from __future__ import annotations

from openkap.accounts.actor import Actor
from openkap.accounts.events import InvitationAccepted
from openkap.audit.delivery import Delivery
from openkap.people import actions, queries


def on_invitation_accepted(delivery: Delivery[InvitationAccepted]) -> None:
    """Tie the sign-in to the record it was made for. Told twice, it holds once."""
    if delivery.patient_id is None:
        return
    user_id = delivery.event.user_id
    if not queries.signs_in_as(delivery.patient_id, user_id):
        by = Actor.system(delivery.clinic_id, "Invitations")
        actions.give_sign_in(delivery.patient_id, user_id=user_id, by=by, at=delivery.at)
