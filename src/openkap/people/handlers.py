"""What people does when an invited patient has accepted: the sign-in is tied to the record."""

from __future__ import annotations

import uuid

from openkap.accounts.actor import Actor
from openkap.audit.news import News
from openkap.people import actions, queries


def on_invitation_accepted(news: News) -> None:
    """Tie the sign-in to the record it was made for. Told twice, it holds once."""
    if news.patient_id is None:
        return
    user_id = uuid.UUID(news.details["user"])
    if not queries.signs_in_as(news.patient_id, user_id):
        by = Actor.system(news.clinic_id, "Invitations")
        actions.give_sign_in(news.patient_id, user_id=user_id, by=by, at=news.at)
