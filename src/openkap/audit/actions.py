"""Writing the record. `record` is the last statement of every action: it commits with it or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

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


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One event of a clinic's record: what happened, who did it when, and whom and what it is about."""

    event: DomainEvent
    by: Doer
    at: datetime
    patient_id: uuid.UUID | None = None
    subject: tuple[str, uuid.UUID] | None = None
    why: str = ""
    id: uuid.UUID = field(default_factory=uuid7)

    @property
    def body(self) -> str:
        """The event as it is kept and hashed."""
        return canonical(
            {
                "id": self.id,
                "clinic": self.by.clinic_id,
                "at": self.at,
                "verb": self.event.verb,
                "by": {"id": self.by.user_id, "name": self.by.name, "role": self.by.role},
                "patient": self.patient_id,
                "subject": {"kind": self.subject[0], "id": self.subject[1]} if self.subject else None,
                "details": self.event.details(),
                "why": self.why,
            }
        )


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
    entry = AuditEntry(event, by, at, patient_id, subject, why)
    record_all([entry])
    return entry.id


def record_all(entries: Sequence[AuditEntry]) -> None:
    """Add several events to the clinic's chain, in this order, in one statement; and publish each."""
    columns: list[list[Any]] = [
        [it.id for it in entries],
        [it.by.clinic_id for it in entries],
        [it.at for it in entries],
        [it.event.verb for it in entries],
        [it.by.user_id for it in entries],
        [it.patient_id for it in entries],
        [it.body for it in entries],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append(id, clinic, at, verb, by_id, patient, body) FROM ("
            "SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::text[],"
            " %s::uuid[], %s::uuid[], %s::text[]) WITH ORDINALITY"
            " AS entry (id, clinic, at, verb, by_id, patient, body, place) ORDER BY place) AS in_order",
            columns,
        )
    for it in entries:
        delivery.publish(it.event, event_id=it.id, clinic_id=it.by.clinic_id)


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
