"""What is recorded of dosing: the event of each verb, with its details. Pure."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from openkap.kernel.event import DomainEvent


class NoDrivePromised(DomainEvent, verb="dosing.no_drive_promised"):
    """The person promised not to drive until the next day."""

    witnessed: bool


class MedicinesReviewed(DomainEvent, verb="dosing.medicines_reviewed"):
    """Somebody went through the person's medicines before the dose."""


class DayAnswered(DomainEvent, verb="dosing.day_answered"):
    """The questions of the day were answered."""

    names: tuple[str, ...]


class DecidedToGoOn(DomainEvent, verb="dosing.decided_to_go_on"):
    """A prescriber decided to go on in spite of a concern."""

    about: str
    sbp: Decimal | None
    dbp: Decimal | None


class SecondChecked(DomainEvent, verb="dosing.second_checked"):
    """A second person checked order, vial and pump."""

    order_id: uuid.UUID


class DoseStarted(DomainEvent, verb="dosing.started"):
    """A dose was started."""

    dose_mg: Decimal
    number: int
    rate_mg_per_h: Decimal | None
    order_id: uuid.UUID


class RateChanged(DomainEvent, verb="dosing.rate_changed"):
    """The rate of a running dose was changed."""

    given_mg: Decimal
    rate_mg_per_h: Decimal | None


class DosePaused(DomainEvent, verb="dosing.paused"):
    """A running dose was paused."""

    given_mg: Decimal
    rate_mg_per_h: Decimal | None


class DoseResumed(DomainEvent, verb="dosing.resumed"):
    """A paused dose goes on."""

    given_mg: Decimal
    rate_mg_per_h: Decimal | None


class DoseStopped(DomainEvent, verb="dosing.stopped"):
    """A dose was stopped before its end."""

    given_mg: Decimal
    rate_mg_per_h: Decimal | None


class DoseEnded(DomainEvent, verb="dosing.ended"):
    """A dose was given to its end."""

    given_mg: Decimal
    rate_mg_per_h: Decimal | None


class EntriesMarkedInError(DomainEvent, verb="dosing.entered_in_error"):
    """Entries were marked as entered in error; they stay in sight."""

    kind: str
    entries: tuple[uuid.UUID, ...]


class SessionDischarged(DomainEvent, verb="dosing.discharged"):
    """The person went home; the session is over."""

    course_id: uuid.UUID
    left_at: datetime


class SessionClosed(DomainEvent, verb="dosing.closed"):
    """A session in which no dose was given was closed."""
