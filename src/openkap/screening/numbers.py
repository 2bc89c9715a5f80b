"""The clinic's numbers that screening goes by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from openkap.defaults.numbers import Numbers


@dataclass(frozen=True, slots=True)
class ScreeningNumbers(Numbers):
    """From how long an answer must hold for a decision to rest on it."""

    group: ClassVar[str] = "screening"
    answers_bind_days: int
