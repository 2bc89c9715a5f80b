"""Writing the record. `record` is the last statement of every action: it commits with it or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db import connection

from openkap.audit import delivery
from openkap.audit.chain import INSTALLATION, canonical
from openkap.kernel.event import DomainEvent
from openkap.kernel.ids import uuid7


class Doer(Protocol):
    """Whoever acts, as far as the record needs to know them."""

    @property
    def clinic_id(self) -> uuid.UUID: ...
    @property
    def user_id(self) -> uuid.UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


def record(
    event: DomainEvent,
    *,
    by: Doer,
    at: datetime,
    patient_id: uuid.UUID | None = None,
    subject: tuple[str, uuid.UUID] | None = None,
    why: str = "",
) -> uuid.UUID:
    """Add one event to the clinic's chain, and publish it to whoever subscribed.

    The head row is locked here, and only here, so every action calls this last.
    """
    event_id = uuid7()
    body = {
        "id": event_id,
        "clinic": by.clinic_id,
        "at": at,
        "verb": event.verb,
        "by": {"id": by.user_id, "name": by.name, "role": by.role},
        "patient": patient_id,
        "subject": {"kind": subject[0], "id": subject[1]} if subject else None,
        "details": event.details(),
        "why": why,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append(%s, %s, %s, %s, %s, %s, %s)",
            [event_id, by.clinic_id, at, event.verb, by.user_id, patient_id, canonical(body)],
        )
    delivery.publish(event, event_id=event_id, clinic_id=by.clinic_id)
    return event_id


def record_for_installation(event: DomainEvent, *, at: datetime, user_id: uuid.UUID | None = None) -> None:
    """Add an event of no clinic (a sign-in, a denied stranger) to the installation's own chain."""
    event_id = uuid7()
    body = {
        "id": event_id,
        "clinic": INSTALLATION,
        "at": at,
        "verb": event.verb,
        "by": {"id": user_id},
        "details": event.details(),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append_house(%s, %s, %s, %s, %s)",
            [event_id, at, event.verb, user_id, canonical(body)],
        )


def record_reading(
    page: str,
    *,
    by: Doer,
    at: datetime,
    patients: Iterable[uuid.UUID],
    about: uuid.UUID | None = None,
    subject: tuple[str, uuid.UUID] | None = None,
) -> None:
    """Add a page somebody opened to the clinic's chain of readings: whom it is about, and who stood on it.

    That chain has a head of its own, so no act ever waits for a reader, nor holds one up.
    """
    event_id, seen = uuid7(), sorted({*patients, *([about] if about else [])})
    body = {
        "id": event_id,
        "clinic": by.clinic_id,
        "at": at,
        "page": page,
        "by": {"id": by.user_id, "name": by.name, "role": by.role},
        "about": about,
        "patients": seen,
        "subject": {"kind": subject[0], "id": subject[1]} if subject else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_read(%s, %s, %s, %s, %s, %s, %s::uuid[], %s)",
            [event_id, by.clinic_id, at, page, by.user_id, about, seen, canonical(body)],
        )
