"""The base of every row of a pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from openkap.kernel.evidence import Source, Status


@dataclass(frozen=True, slots=True)
class RowChoice:
    """A number of a row that the clinic may choose, and the range within which it is safe."""

    field: str
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Base of every row: its id, our words for it, how far it may be trusted, and by whose word."""

    id: str
    text: str
    status: Status
    sources: tuple[Source, ...] = ()
    choices: tuple[RowChoice, ...] = ()

    def acts_fully(self, signed: frozenset[str]) -> bool:
        """Whether the row may act as a stop: verified, or signed by the clinic's medical director."""
        return self.status is Status.VERIFIED or self.id in signed
