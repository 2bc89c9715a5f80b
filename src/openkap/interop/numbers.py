"""The clinic's numbers that messages and referrals go by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from openkap.defaults.numbers import Numbers


@dataclass(frozen=True, slots=True)
class InteropNumbers(Numbers):
    """When what waits is an alert, from when on a clock is off, and how long messages are kept.

    `message_kept_years`: from the end of the session; 0 for ever.
    """

    group: ClassVar[str] = "interop"
    message_waits_hours: int
    referral_waits_hours: int
    clock_off_minutes: int
    message_kept_years: int
