"""How far a dose may go by this protocol: bands, ceiling, interval, dilution, weight. Pure.

Each protocol brings its own. A limit is one side of one number of a dose; what it asks for stands with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openkap.protocols.rows import Row


class Measure(StrEnum):
    """The numbers of a dose that a limit speaks of."""

    MG_PER_KG = "mg_per_kg"
    MG = "mg"
    MINUTES = "minutes"
    MG_PER_KG_PER_H = "mg_per_kg_per_h"


class Asks(StrEnum):
    """What an order beyond a limit needs; nobody signs over a ceiling."""

    REASON = "reason"
    SECOND_PRESCRIBER = "second_prescriber"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class DoseLimit:
    """One side of one number of a dose: a value over or under `value` is beyond it."""

    of: Measure
    is_upper: bool
    value: Decimal
    asks: Asks

    def is_passed_by(self, number: Decimal) -> bool:
        """Whether the number lies beyond the limit; the limit itself is within."""
        return number > self.value if self.is_upper else number < self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseBand(Row):
    """What is beyond the usual, and what each step beyond it asks for."""

    limits: tuple[DoseLimit, ...]
    flag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling(Row):
    """What nobody signs over in this software, whatever the row's status."""

    flag: str
    limits: tuple[DoseLimit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval(Row):
    """The hours between two doses, and what is needed under them."""

    flag: str
    hours: int
    override: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dilution(Row):
    """From which strength on a product must be diluted before use."""

    flag: str
    from_mg_per_ml: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitReview(Row):
    """After how many days of a course the benefit is written down before going on."""

    flag: str
    after_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRule(Row):
    """One number a weight is judged by, with its unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class WeightRules:
    """How a dose by weight uses the weight: its age, its change, and what cannot be right (H04)."""

    days_valid: WeightRule
    change_percent: WeightRule
    side_by_side_bmi: WeightRule
    least_bmi: WeightRule
    most_bmi: WeightRule
    ideal_weight: WeightRule

    def rows(self) -> tuple[WeightRule, ...]:
        """All of them, as a page shows them."""
        return (
            self.days_valid,
            self.side_by_side_bmi,
            self.ideal_weight,
            self.change_percent,
            self.least_bmi,
            self.most_bmi,
        )
