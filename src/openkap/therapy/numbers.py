"""The clinic's numbers that preparation and integration go by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from openkap.defaults.numbers import Numbers


@dataclass(frozen=True, slots=True)
class TherapyNumbers(Numbers):
    """When integration is due, and what a visit's note has at least."""

    group: ClassVar[str] = "therapy"
    integration_from_hours: int
    integration_until_hours: int
    note_letters_count: int
    visit_shortest_minutes: int
    visit_longest_minutes: int
