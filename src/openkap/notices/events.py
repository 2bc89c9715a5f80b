"""What is recorded of notices: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class NoticeQueued(DomainEvent, verb="notices.queued"):
    """A notice is on its way."""

    kind: str
    tries: int


class NoticeSent(DomainEvent, verb="notices.sent"):
    """A notice was handed to the mail system."""

    kind: str
    tries: int


class NoticeFailed(DomainEvent, verb="notices.failed"):
    """A notice could not be sent; its owner has it."""

    kind: str
    tries: int


class NoticeTriedAgain(DomainEvent, verb="notices.tried_again"):
    """A notice that had failed is on its way again."""

    kind: str
    tries: int


class NoticeWithdrawn(DomainEvent, verb="notices.withdrawn"):
    """A notice was taken back."""

    kind: str
    tries: int
