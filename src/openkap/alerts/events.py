"""What is recorded of alerts: the event of each verb, with its details. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from openkap.kernel.event import DomainEvent


class AlertRaised(DomainEvent, verb="alerts.raised"):
    """Something must be answered, and has an owner."""

    kind: str
    severity: str
    owner_id: uuid.UUID
    cause_kind: str
    cause_id: uuid.UUID


class AlertAcknowledged(DomainEvent, verb="alerts.acknowledged"):
    """Somebody has seen an alert."""


class AlertHandedOver(DomainEvent, verb="alerts.handed_over"):
    """An alert has another owner."""

    to_id: uuid.UUID


class AlertAnswered(DomainEvent, verb="alerts.answered"):
    """An alert was answered."""

    outcome: str


class AlertsEscalated(DomainEvent, verb="alerts.escalated"):
    """Alerts nobody had seen went on to the next person."""

    moved: tuple[Mapping[str, Any], ...]


class CoverSigned(DomainEvent, verb="alerts.cover_signed"):
    """Who is on call was signed."""

    on_call: tuple[uuid.UUID, ...]


class AlertMessaged(DomainEvent, verb="alerts.messaged"):
    """A message about an alert went out."""

    to_id: uuid.UUID
    number: int
