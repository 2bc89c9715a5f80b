"""How far a number or a rule may be trusted, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The evidence status a pack gives a row; shown wherever the row acts."""

    VERIFIED = "verified"
    BACKGROUND = "bg"
    DESIGN_DEFAULT = "design_default"

    @property
    def words(self) -> str:
        """The status as the page says it."""
        return {
            Status.VERIFIED: "verified in its source",
            Status.BACKGROUND: "not confirmed in a source",
            Status.DESIGN_DEFAULT: "a default of this software, to be signed by the clinic",
        }[self]


@dataclass(frozen=True, slots=True)
class Source:
    """A document a fact was read in. `tier` is P (primary) or S (secondary)."""

    key: str
    what: str
    tier: str = ""
    url: str = ""
