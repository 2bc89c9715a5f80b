"""Yes, no, or not asked: the three answers a clinical fact can have.

"Not asked" is not "no". A list nobody asked about is not an empty list.
"""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """A fact as the clinic knows it. There is no default: someone asked, or nobody did."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"

    @property
    def known(self) -> bool:
        """Whether anyone has answered at all."""
        return self is not Answer.NOT_ASKED
