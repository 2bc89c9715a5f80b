"""What is recorded of the clinic's numbers: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class DefaultProposed(DomainEvent, verb="defaults.proposed"):
    """Somebody proposed another value for one of the clinic's numbers."""

    number: str
    value: int


class DefaultSigned(DomainEvent, verb="defaults.signed"):
    """The medical director signed a number that somebody else proposed."""

    number: str
    value: int


class ShippedDefaultsSigned(DomainEvent, verb="defaults.shipped_signed"):
    """The medical director signed numbers as they ship."""

    numbers: tuple[str, ...]
