"""What is recorded of interop: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class MessagePutAside(DomainEvent, verb="interop.message_put_aside"):
    """A device's message could not be used, and waits for somebody."""

    reason: str
    control_id: str


class DeviceMessageSettled(DomainEvent, verb="interop.message_settled"):
    """Somebody has looked at a message that waited."""


class MessagesArchived(DomainEvent, verb="interop.messages_archived"):
    """The messages of a session that closed long ago were archived, whole."""

    messages: int


class MessagesLetGo(DomainEvent, verb="interop.messages_let_go"):
    """The messages of a session were deleted, for the clinic keeps them so long; their values stay."""

    messages: int
    kept_years: int


class ReferralReceived(DomainEvent, verb="interop.referral_received"):
    """A referral came in."""

    sender: str
    bytes: int
    sha256: str


class ReferralImported(DomainEvent, verb="interop.referral_imported"):
    """A referral went into a person's record."""

    not_understood: int
