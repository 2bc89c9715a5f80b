"""News travels up as the audit event itself.

`config/wiring.py` says who hears what. A job, queued in the same transaction as the event,
hands it to each listener; listeners are idempotent, because a job may run twice.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openkap.audit.models import Event
from openkap.tenancy.jobs import clinic_job


@dataclass(frozen=True, slots=True)
class News:
    """An audit event as a listener reads it."""

    id: uuid.UUID
    clinic_id: uuid.UUID
    at: datetime
    verb: str
    by: dict[str, Any]
    patient_id: uuid.UUID | None
    subject_kind: str
    subject_id: uuid.UUID | None
    details: dict[str, Any]


Listener = Callable[[News], None]
_listeners: dict[str, list[Listener]] = {}


def hear(verb: str, listener: Listener) -> None:
    """Let a handler hear a verb. Called by the wiring alone, once, at start."""
    heard = _listeners.setdefault(verb, [])
    if listener not in heard:
        heard.append(listener)


def announce(verb: str, *, event_id: uuid.UUID, clinic_id: uuid.UUID) -> None:
    """Queue the delivery of an event, in the current transaction, one job a listener."""
    for place in range(len(_listeners.get(verb, []))):
        deliver.defer(clinic_id=str(clinic_id), event_id=str(event_id), place=place)


@clinic_job("audit.deliver")
def deliver(clinic_id: uuid.UUID, *, event_id: str, place: int) -> None:
    """Hand one event to one listener, so that one listener's failure does not delay another."""
    event = Event.objects.get(id=event_id)
    listeners = _listeners.get(event.verb, [])
    if place < len(listeners):
        listeners[place](as_news(event))


def as_news(event: Event) -> News:
    """The stored event, opened for reading."""
    body = json.loads(event.body)
    subject = body.get("subject") or {}
    return News(
        id=event.id,
        clinic_id=event.clinic_id,
        at=event.at,
        verb=event.verb,
        by=body["by"],
        patient_id=event.patient_id,
        subject_kind=subject.get("kind", ""),
        subject_id=uuid.UUID(subject["id"]) if subject else None,
        details=body["details"],
    )
