"""The writers of alerts: answering, messages to the people on call, and the cover."""

from openkap.alerts.actions.answering import (
    acknowledge,
    answer,
    escalate_overdue,
    hand_over,
    raise_alert,
    sweep,
)
from openkap.alerts.actions.covering import sign_cover
from openkap.alerts.actions.messaging import message_on_call

__all__ = [
    "acknowledge",
    "answer",
    "escalate_overdue",
    "hand_over",
    "message_on_call",
    "raise_alert",
    "sign_cover",
    "sweep",
]
