"""How far a number or a rule may be trusted, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openkap.kernel.wording import sentence as _
from openkap.kernel.wording import translated


class Status(StrEnum):
    """The evidence status a pack gives a row; shown wherever the row acts."""

    VERIFIED = "verified"
    BACKGROUND = "bg"
    DESIGN_DEFAULT = "design_default"

    @property
    def words(self) -> str:
        """The status as the page says it."""
        return translated(_STATUS_WORDS[self])


_STATUS_WORDS = {
    Status.VERIFIED: _("verified in its source"),
    Status.BACKGROUND: _("not confirmed in a source"),
    Status.DESIGN_DEFAULT: _("a default of this software, to be signed by the clinic"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A document a fact was read in. `tier` is P (primary) or S (secondary)."""

    key: str
    what: str
    tier: str = ""
    url: str = ""
