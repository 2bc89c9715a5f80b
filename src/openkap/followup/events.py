"""What is recorded of follow-up: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class CheckInsPlanned(DomainEvent, verb="followup.planned"):
    """The check-ins after a session were planned."""

    check_ins: tuple[str, ...]


class CheckInLinkQueued(DomainEvent, verb="followup.link_queued"):
    """The link to a check-in is on its way."""


class CheckInMissed(DomainEvent, verb="followup.missed"):
    """A check-in stayed without an answer; somebody must call."""


class CheckInAnswered(DomainEvent, verb="followup.answered"):
    """A check-in was answered."""

    concerns: tuple[str, ...]
    by_phone: bool
