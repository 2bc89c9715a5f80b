"""What is recorded of dosing: the event of each verb, with its details. Pure."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from openkap.kernel.event import DomainEvent


class SessionOpened(DomainEvent, verb="dosing.opened"):
    """A dosing session began."""

    number: int


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


class ValuesCharted(DomainEvent, verb="dosing.values_charted"):
    """Values came in, from a person or a monitor."""

    codes: tuple[str, ...]
    source: str
    not_charted: tuple[str, ...]


class ValuesPutAside(DomainEvent, verb="dosing.values_put_aside"):
    """A monitor sent values that could not be charted."""

    what: tuple[str, ...]
    monitor: str


class PutAsideValueSeen(DomainEvent, verb="dosing.put_aside_seen"):
    """Somebody has seen a value that was put aside."""

    what: str


class MarksRaised(DomainEvent, verb="dosing.marks_raised"):
    """The session was reevaluated, and marks were raised or passed on."""

    raised: tuple[str, ...]
    passed_on: tuple[str, ...]


class MarkAnswered(DomainEvent, verb="dosing.mark_answered"):
    """Somebody wrote down what was done about a mark."""

    flag: str
    level: str
    action: str


class MarkDecided(DomainEvent, verb="dosing.mark_decided"):
    """A prescriber decided on a mark."""

    flag: str
    level: str
    rule: str
    confirmed: bool


class MarkSettled(DomainEvent, verb="dosing.mark_settled"):
    """A mark was settled: true, or not."""

    flag: str
    is_true: bool | None
    action: str


class AdverseEventNoted(DomainEvent, verb="dosing.adverse_event_noted"):
    """An adverse event was written down."""

    term: str
    grade: int
    serious: bool


class RemarkNoted(DomainEvent, verb="dosing.remark_noted"):
    """What the person said, or who is in the room, was written down."""

    kind: str


class EntriesMarkedInError(DomainEvent, verb="dosing.entered_in_error"):
    """Entries were marked as entered in error; they stay in sight."""

    kind: str
    entries: tuple[uuid.UUID, ...]


class MonitorAdded(DomainEvent, verb="dosing.monitor_added"):
    """A monitor was added to a room."""

    name: str


class MonitorRetired(DomainEvent, verb="dosing.monitor_retired"):
    """A monitor is no longer used."""


class MonitorPaired(DomainEvent, verb="dosing.paired"):
    """From now on a monitor's values are this person's."""

    monitor: str
    identifier: str


class MonitorUnpaired(DomainEvent, verb="dosing.unpaired"):
    """From now on a monitor's values are nobody's."""

    monitor: str
    identifier: str


class SessionDischarged(DomainEvent, verb="dosing.discharged"):
    """The person went home; the session is over."""

    course_id: uuid.UUID
    left_at: datetime


class SessionClosed(DomainEvent, verb="dosing.closed"):
    """A session in which no dose was given was closed."""
