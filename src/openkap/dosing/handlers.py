"""What the dosing room does on another's news: a consent that is withdrawn shows in the room at once."""

from __future__ import annotations

from openkap.accounts.actor import Actor
from openkap.audit.news import News
from openkap.dosing import actions, queries


def on_consent_withdrawn(news: News) -> None:
    """Mark the session the person is in. Told twice, it is one mark; the minute's round would find it too."""
    if news.patient_id is None:
        return
    session = queries.open_of_patient(news.patient_id)
    if session is not None:
        actions.look_round(session.id, by=Actor.system(news.clinic_id, "Consent"), at=news.at)
