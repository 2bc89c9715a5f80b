"""Delivery of events: what happened in one app, handed to those that subscribed to it.

What is delivered is the audit event itself. `config/wiring.py` reads from the manifests who subscribes to
what. A job, queued in the same transaction as the event, hands it to each handler by the handler's name: a
release that adds, removes or reorders handlers delivers what is queued to the one it was meant for. A job may
run twice, so handlers are idempotent.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from openkap.audit.models import Event
from openkap.kernel.event import DomainEvent
from openkap.tenancy.jobs import clinic_job

E = TypeVar("E", bound=DomainEvent, covariant=True)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[E]):
    """An event as a handler gets it: what happened, when, to whom, and what it is about."""

    id: uuid.UUID
    clinic_id: uuid.UUID
    at: datetime
    event: E
    patient_id: uuid.UUID | None
    subject_kind: str
    subject_id: uuid.UUID | None


Handler = Callable[[Delivery[Any]], None]
_handlers: dict[str, dict[str, tuple[type[DomainEvent], Handler]]] = {}


class NoSuchHandler(LookupError):
    """An event was queued for a handler that this release does not have; its job fails in sight."""


def subscribe(event: type[DomainEvent], handler: Handler, *, name: str) -> None:
    """Let a handler have the events of a class, under a name of its own. The wiring calls it, at start."""
    known = _handlers.setdefault(event.verb, {})
    if known.setdefault(name, (event, handler)) != (event, handler):
        raise ValueError(f"Two handlers of {event.verb} go by the name {name}.")


def subscribed() -> dict[str, tuple[str, ...]]:
    """The names of the handlers of every verb."""
    return {verb: tuple(known) for verb, known in _handlers.items()}


def publish(event: DomainEvent, *, event_id: uuid.UUID, clinic_id: uuid.UUID) -> None:
    """Queue the delivery of an event, in the current transaction, one job a handler."""
    for name in _handlers.get(event.verb, {}):
        deliver.defer(clinic_id=str(clinic_id), event_id=str(event_id), handler=name)


@clinic_job("audit.deliver")
def deliver(clinic_id: uuid.UUID, *, event_id: str, handler: str) -> None:
    """Hand one event to one handler, so that one handler's failure does not delay another."""
    stored = Event.objects.get(id=event_id)
    known = _handlers.get(stored.verb, {}).get(handler)
    if known is None:
        raise NoSuchHandler(f"{stored.verb} was queued for {handler}, which is not here.")
    event, handle = known
    handle(delivery_of(stored, event))


def delivery_of(stored: Event, event: type[E]) -> Delivery[E]:
    """The recorded event, as its handler reads it."""
    body = json.loads(stored.body)
    subject = body.get("subject") or {}
    return Delivery(
        id=stored.id,
        clinic_id=stored.clinic_id,
        at=stored.at,
        event=event.of(body["details"]),
        patient_id=stored.patient_id,
        subject_kind=subject.get("kind", ""),
        subject_id=uuid.UUID(subject["id"]) if subject else None,
    )
