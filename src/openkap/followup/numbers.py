"""The clinic's numbers that check-ins go by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from openkap.defaults.numbers import Numbers


@dataclass(frozen=True, slots=True)
class CheckInNumbers(Numbers):
    """How long after leaving each check-in comes, and when it counts as silence."""

    group: ClassVar[str] = "followup"
    first_after_hours: int
    first_waits_hours: int
    second_after_hours: int
    second_waits_hours: int
    third_after_hours: int
    third_waits_hours: int
    fourth_after_hours: int
    fourth_waits_hours: int
