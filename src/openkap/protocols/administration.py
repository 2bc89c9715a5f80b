"""How a protocol gives its drug and how the dose is counted. Pure.

A dose is counted by weight, fixed, or is one of a few steps; it is given as an infusion, as injections,
device by device into the nose, under the tongue, or swallowed. Rules ask the administration and never a
product's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openkap.kernel.quantity import Milligrams, MilligramsPerKilogram, Minutes
from openkap.protocols.rows import Row

Amount = MilligramsPerKilogram | Milligrams


class Route(StrEnum):
    """The way into the body."""

    INTRAVENOUS = "iv"
    INTRAMUSCULAR = "im"
    SUBCUTANEOUS = "sc"
    NASAL = "in"
    SUBLINGUAL = "sl"
    ORAL = "po"


@dataclass(frozen=True, slots=True)
class Infusion:
    """Into a vein, over a time. `least` and `most` are the minutes the sources used, not what is usual."""

    minutes: Minutes
    least: Minutes
    most: Minutes

    route = Route.INTRAVENOUS


@dataclass(frozen=True, slots=True)
class Injections:
    """Into a muscle or under the skin. One order may name up to `most` of them, so many minutes apart."""

    route: Route
    most: int
    apart_minutes: int


@dataclass(frozen=True, slots=True)
class DeviceSprays:
    """Into the nose, device by device, so many minutes apart. A dose is a whole number of devices."""

    device: Milligrams
    apart_minutes: int

    route = Route.NASAL


@dataclass(frozen=True, slots=True)
class Sublingual:
    """Under the tongue, held there for so many minutes."""

    hold_minutes: int

    route = Route.SUBLINGUAL


@dataclass(frozen=True, slots=True)
class Oral:
    """Swallowed."""

    route = Route.ORAL


Administration = Infusion | Injections | DeviceSprays | Sublingual | Oral


def is_counted(how: Administration) -> bool:
    """Whether what is given is counted in tablets or lozenges, and not measured in mL."""
    return isinstance(how, (Sublingual, Oral))


@dataclass(frozen=True, slots=True)
class AmountRange:
    """An amount by weight or fixed. `least` and `most` are what the sources gave, not what is usual."""

    usual: Amount
    least: Amount
    most: Amount


@dataclass(frozen=True, slots=True)
class AmountSteps:
    """One of these amounts and nothing between them, smallest first; a course begins with `first`."""

    amounts: tuple[Amount, ...]
    first: Amount

    @property
    def usual(self) -> Amount:
        """What an order begins from: the first step, until the person's own answer is known."""
        return self.first

    @property
    def least(self) -> Amount:
        """The smallest step."""
        return self.amounts[0]

    @property
    def most(self) -> Amount:
        """The largest step."""
        return self.amounts[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow(Row):
    """The dose of this protocol: how it is counted, and how it is given."""

    amount: AmountRange | AmountSteps
    administration: Administration

    @property
    def by_weight(self) -> bool:
        """Whether the dose is typed in mg for each kg of the person."""
        return isinstance(self.amount.usual, MilligramsPerKilogram)
