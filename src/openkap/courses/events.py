"""What is recorded of courses: the event of each verb, with its details. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from openkap.kernel.event import DomainEvent


class CourseOpened(DomainEvent, verb="courses.opened"):
    """A course began, planned from a protocol."""

    pack: str
    hash: str
    days: tuple[date, ...]


class SessionsPlanned(DomainEvent, verb="courses.planned"):
    """Sessions of a course got another day, time or room: by number, as it was and as it is."""

    before: Mapping[str, str]
    after: Mapping[str, str]


class CourseGateMet(DomainEvent, verb="courses.gate_met"):
    """A gate of a course was met."""

    gate: str
    session_number: int | None


class CourseEnded(DomainEvent, verb="courses.ended"):
    """A course ended."""


class DoseOrdered(DomainEvent, verb="courses.ordered"):
    """A dose was ordered and signed."""

    dose_mg: Decimal
    flags: tuple[str, ...]


class DoseOrderSeconded(DomainEvent, verb="courses.order_seconded"):
    """A second prescriber signed an order."""

    dose_mg: Decimal


class DoseOrderWithdrawn(DomainEvent, verb="courses.order_withdrawn"):
    """An order was taken back."""

    dose_mg: Decimal


class RestOrdered(DomainEvent, verb="courses.rest_ordered"):
    """What is left of a dose was ordered at another rate."""

    dose_mg: Decimal
    left_mg: Decimal
    continues_id: uuid.UUID
