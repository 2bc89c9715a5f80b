"""What is recorded of protocols: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class PackAdopted(DomainEvent, verb="protocols.adopted"):
    """The clinic adopted a protocol."""

    pack: str
    hash: str


class RowsSigned(DomainEvent, verb="protocols.rows_signed"):
    """The medical director signed rows of a protocol."""

    pack: str
    rows: tuple[str, ...]


class NumberProposed(DomainEvent, verb="protocols.number_proposed"):
    """Somebody proposed a number for a row."""

    pack: str
    row: str
    field: str
    value: int


class NumberSigned(DomainEvent, verb="protocols.number_signed"):
    """The medical director signed a number that was proposed."""

    pack: str
    row: str
    field: str
    value: int
