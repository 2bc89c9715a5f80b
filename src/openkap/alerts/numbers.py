"""The clinic's numbers that alerts and cover go by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from openkap.defaults.numbers import Numbers


@dataclass(frozen=True, slots=True)
class AlertNumbers(Numbers):
    """When an alert goes to the next person, how long a record stays open, how often a message goes out."""

    group: ClassVar[str] = "alerts"
    acknowledge_urgent_minutes: int
    acknowledge_soon_hours: int
    answer_urgent_minutes: int
    answer_soon_hours: int
    record_open_hours: int
    undelivered_minutes: int
    message_every_minutes: int
    messages_each_count: int

    def to_acknowledge(self, severity: str) -> timedelta:
        """How long an alert waits to be seen before the next person has it."""
        if severity == "urgent":
            return timedelta(minutes=self.acknowledge_urgent_minutes)
        return timedelta(hours=self.acknowledge_soon_hours)

    def to_answer(self, severity: str) -> timedelta:
        """How long an alert that was seen waits to be answered."""
        if severity == "urgent":
            return timedelta(minutes=self.answer_urgent_minutes)
        return timedelta(hours=self.answer_soon_hours)
