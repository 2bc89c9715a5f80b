"""What follow-up does when a session's patient has left, and when a link could not be sent."""

from __future__ import annotations

import uuid
from datetime import datetime

from openkap.accounts.actor import Actor
from openkap.audit.events import DomainEvent
from openkap.followup import actions


def on_left(event: DomainEvent) -> None:
    """Plan the check-ins after the session. The event names the course and the moment of leaving."""
    assert event.patient_id is not None
    assert event.subject_id is not None
    actions.plan(
        patient_id=event.patient_id,
        course_id=uuid.UUID(event.details["course"]),
        session_id=event.subject_id,
        left_at=datetime.fromisoformat(event.details["left_at"]),
        by=Actor.system(event.clinic_id, "Follow-up"),
        at=event.at,
    )


def on_notice_failed(event: DomainEvent) -> None:
    """A link that could not be sent leaves a call to make."""
    assert event.subject_id is not None
    actions.link_failed(event.subject_id, by=Actor.system(event.clinic_id, "Follow-up"), at=event.at)
