"""Domain events: what happened in one app, delivered to those that subscribed to it.

The event is the audit event itself. `config/wiring.py` says who subscribes to what. A job, queued in the same
transaction as the event, hands it to each handler by the handler's name: a release that adds, removes or
reorders handlers delivers what is queued to the one it was meant for. A job may run twice, so handlers are
idempotent.
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
class DomainEvent:
    """An audit event as a handler reads it."""

    id: uuid.UUID
    clinic_id: uuid.UUID
    at: datetime
    verb: str
    by: dict[str, Any]
    patient_id: uuid.UUID | None
    subject_kind: str
    subject_id: uuid.UUID | None
    details: dict[str, Any]


Handler = Callable[[DomainEvent], None]
_handlers: dict[str, dict[str, Handler]] = {}


class NoSuchHandler(LookupError):
    """An event was queued for a handler that this release does not have; its job fails in sight."""


def subscribe(verb: str, handler: Handler, *, name: str) -> None:
    """Let a handler have the events of a verb, under a name of its own. The wiring calls it, at start."""
    known = _handlers.setdefault(verb, {})
    if known.setdefault(name, handler) is not handler:
        raise ValueError(f"Two handlers of {verb} go by the name {name}.")


def subscribed() -> dict[str, tuple[str, ...]]:
    """The names of the handlers of every verb."""
    return {verb: tuple(known) for verb, known in _handlers.items()}


def publish(verb: str, *, event_id: uuid.UUID, clinic_id: uuid.UUID) -> None:
    """Queue the delivery of an event, in the current transaction, one job a handler."""
    for name in _handlers.get(verb, {}):
        deliver.defer(clinic_id=str(clinic_id), event_id=str(event_id), handler=name)


@clinic_job("audit.deliver")
def deliver(clinic_id: uuid.UUID, *, event_id: str, handler: str) -> None:
    """Hand one event to one handler, so that one handler's failure does not delay another."""
    event = Event.objects.get(id=event_id)
    known = _handlers.get(event.verb, {}).get(handler)
    if known is None:
        raise NoSuchHandler(f"{event.verb} was queued for {handler}, which is not here.")
    known(as_event(event))


def as_event(event: Event) -> DomainEvent:
    """The stored event, opened for reading."""
    body = json.loads(event.body)
    subject = body.get("subject") or {}
    return DomainEvent(
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
