"""How strongly a mark asks, and on which side of a limit a value is marked. Pure."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How strongly a mark asks. The order is the order of urgency."""

    LOOK = "look"
    ACT = "act"
    STOP = "stop"

    @property
    def rank(self) -> int:
        """Higher is more urgent."""
        return list(Level).index(self)


class Side(StrEnum):
    """On which side of its limit a value is marked."""

    AT_LEAST = "at least"
    ABOVE = "above"
    AT_MOST = "at most"
    BELOW = "below"
    RISE = "rise of"
    FALL = "fall of"
    FALL_PERCENT = "fall by percent"
