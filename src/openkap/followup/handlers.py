"""What follow-up does when a session's patient has left, and when a link could not be sent."""

from __future__ import annotations

from openkap.accounts.actor import Actor
from openkap.audit.delivery import Delivery
from openkap.dosing.events import SessionDischarged
from openkap.followup import actions
from openkap.notices.events import NoticeFailed


def on_discharged(delivery: Delivery[SessionDischarged]) -> None:
    """Plan the check-ins after the session. The event names the course and the moment of leaving."""
    assert delivery.patient_id is not None
    assert delivery.subject_id is not None
    actions.plan(
        patient_id=delivery.patient_id,
        course_id=delivery.event.course_id,
        session_id=delivery.subject_id,
        left_at=delivery.event.left_at,
        by=Actor.system(delivery.clinic_id, "Follow-up"),
        at=delivery.at,
    )


def on_notice_failed(delivery: Delivery[NoticeFailed]) -> None:
    """A link that could not be sent leaves a call to make."""
    assert delivery.subject_id is not None
    actions.link_failed(delivery.subject_id, by=Actor.system(delivery.clinic_id, "Follow-up"), at=delivery.at)
