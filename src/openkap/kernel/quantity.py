"""Quantities whose unit is their type, so that mg can never stand in for mg/kg.

Hazards H02 (mg against mg/kg), H03 (concentration), H04 (pounds as kilograms) and
H38 (decimal and locale errors) begin with a bare number. Here a number without its
unit does not add, compare or divide.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar, Self

_POUNDS_PER_KG = Decimal("2.2046226218")


def plain(value: Decimal) -> str:
    """A number as it may be printed at a bedside: no trailing zero, a leading zero, no exponent."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@dataclass(frozen=True, slots=True, order=False)
class Quantity:
    """A decimal amount of one unit. Sums and comparisons work within a unit only."""

    value: Decimal
    unit: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if not isinstance(self.value, Decimal):
            raise TypeError(f"{type(self).__name__} takes a Decimal, not {type(self.value).__name__}.")
        if not self.value.is_finite():
            raise ValueError(f"{type(self).__name__} must be a finite number.")

    @classmethod
    def of(cls, value: str | int | Decimal) -> Self:
        """Make a quantity from a literal or a stored value. Floats are refused on purpose."""
        if isinstance(value, float):
            raise TypeError("A float is not exact enough for a bedside quantity.")
        return cls(Decimal(value))

    def _same(self, other: object) -> Decimal:
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} does not mix with {type(other).__name__}.")
        return other.value

    def __add__(self, other: object) -> Self:
        return type(self)(self.value + self._same(other))

    def __sub__(self, other: object) -> Self:
        return type(self)(self.value - self._same(other))

    def __lt__(self, other: object) -> bool:
        return self.value < self._same(other)

    def __le__(self, other: object) -> bool:
        return self.value <= self._same(other)

    def __gt__(self, other: object) -> bool:
        return self.value > self._same(other)

    def __ge__(self, other: object) -> bool:
        return self.value >= self._same(other)

    def rounded(self, step: str = "0.01") -> Self:
        """Rounded half up to `step`, as a person would on paper."""
        return type(self)(self.value.quantize(Decimal(step), rounding=ROUND_HALF_UP))

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"


class Kilograms(Quantity):
    """Body weight. Pounds are shown beside it, never stored."""

    unit = "kg"

    @property
    def in_pounds(self) -> Decimal:
        """The same weight in pounds, to one decimal, for the eye only."""
        return (self.value * _POUNDS_PER_KG).quantize(Decimal("0.1"))


class Milligrams(Quantity):
    """An amount of drug, as base."""

    unit = "mg"

    def per(self, weight: Kilograms) -> MilligramsPerKilogram:
        """The same dose by body weight."""
        return MilligramsPerKilogram(self.value / weight.value)

    def volume_at(self, strength: MilligramsPerMillilitre) -> Millilitres:
        """How much of a vial of this strength holds the dose."""
        return Millilitres(self.value / strength.value)

    def over(self, minutes: Minutes) -> MilligramsPerHour:
        """The rate that gives the dose in this time."""
        return MilligramsPerHour(self.value * 60 / minutes.value)


class MilligramsPerKilogram(Quantity):
    """A dose by body weight."""

    unit = "mg/kg"

    def times(self, weight: Kilograms) -> Milligrams:
        """The amount for a body of this weight."""
        return Milligrams(self.value * weight.value)


class MilligramsPerMillilitre(Quantity):
    """The strength of a vial or a syringe."""

    unit = "mg/mL"


class Millilitres(Quantity):
    """A volume."""

    unit = "mL"


class MilligramsPerHour(Quantity):
    """An infusion rate."""

    unit = "mg/h"


class MilligramsPerKilogramPerHour(Quantity):
    """An infusion rate by body weight."""

    unit = "mg/kg/h"


class Minutes(Quantity):
    """A length of time at the bedside."""

    unit = "min"
