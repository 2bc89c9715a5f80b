"""A stretch of time with an open or a known end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` (included) to `end` (excluded; None while it still runs)."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("A period cannot end before it starts.")

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies inside."""
        return self.start <= moment and (self.end is None or moment < self.end)

    def length(self, at: datetime) -> timedelta:
        """How long it has lasted, seen at `at`."""
        return max((self.end or at) - self.start, timedelta(0))
