"""What follow-up does when a session's patient has left, and when a link could not be sent."""

from __future__ import annotations

import uuid
from datetime import datetime

from openkap.accounts.actor import Actor
from openkap.audit.news import News
from openkap.followup import actions


def on_left(news: News) -> None:
    """Plan the check-ins after the session. The event names the course and the moment of leaving."""
    assert news.patient_id is not None
    assert news.subject_id is not None
    actions.plan(
        patient_id=news.patient_id,
        course_id=uuid.UUID(news.details["course"]),
        session_id=news.subject_id,
        left_at=datetime.fromisoformat(news.details["left_at"]),
        by=Actor.system(news.clinic_id, "Follow-up"),
        at=news.at,
    )


def on_notice_failed(news: News) -> None:
    """A link that could not be sent leaves a call to make."""
    assert news.subject_id is not None
    actions.link_failed(news.subject_id, by=Actor.system(news.clinic_id, "Follow-up"), at=news.at)
