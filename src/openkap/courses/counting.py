"""Pure: what one order comes to. Doses, volumes and rate from one another, in their own units.

H02 (mg against mg/kg): the dose is typed in one unit and confirmed in mg. H03 (concentration): the volume
comes from the strength of the clinic's own vial and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openkap.kernel.quantity import (
    Kilograms,
    Milligrams,
    MilligramsPerHour,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    Minutes,
)
from openkap.kernel.tablets import MilligramsPerTablet, Tablets, tablets_of
from openkap.protocols.administration import Amount, DeviceSprays, DoseRow

Strength = MilligramsPerMillilitre | MilligramsPerTablet
Portion = Millilitres | Tablets

_INCH_CM = Decimal("2.54")
_DEVINE_BASE_KG = {"male": Decimal(50), "female": Decimal("45.5")}


@dataclass(frozen=True, slots=True)
class Weighing:
    """A person's weight as last measured, with what it can be held against."""

    weight: Kilograms
    measured_at: datetime
    previous: Kilograms | None = None
    height_cm: Decimal | None = None
    sex: str = "unknown"
    confirmed: bool = False

    @property
    def bmi(self) -> Decimal | None:
        """Body mass index, or None without a height."""
        if not self.height_cm:
            return None
        metres = self.height_cm / 100
        return (self.weight.value / (metres * metres)).quantize(Decimal("0.1"))

    @property
    def ideal(self) -> Kilograms | None:
        """Ideal weight by Devine, where height and sex allow it."""
        base = _DEVINE_BASE_KG.get(self.sex)
        if base is None or not self.height_cm:
            return None
        over = max(self.height_cm / _INCH_CM - 60, Decimal(0))
        return Kilograms(base + Decimal("2.3") * over).rounded("0.1")


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as a prescriber types it: the dose in the protocol's own unit, and how it is given.

    `infusion` is the time of an infusion. `further` are the doses that may be given after the first one,
    where the protocol allows several by one order.
    """

    dose: Amount
    confirmed_mg: Milligrams | None
    strength: Strength
    weighing: Weighing | None
    infusion: Minutes | None = None
    further: tuple[Amount, ...] = ()
    vial: Portion | None = None
    basis: str = "actual"
    diluted: bool = False
    reason: str = ""
    is_first: bool = False
    last_dose_at: datetime | None = None
    planned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """What an order comes to, in every unit it is spoken of: each dose in turn, and all of them together."""

    weight: Kilograms | None
    doses: tuple[Milligrams, ...]
    volumes: tuple[Portion, ...]
    rate: MilligramsPerHour | None = None

    @property
    def dose(self) -> Milligrams:
        """All doses together."""
        return Milligrams(_total(self.doses))

    @property
    def volume(self) -> Portion:
        """All volumes together, or all tablets."""
        return type(self.volumes[0])(_total(self.volumes))


def _total(quantities: Iterable[Milligrams | Portion]) -> Decimal:
    return sum((quantity.value for quantity in quantities), Decimal(0))


def weight_by(draft: OrderDraft) -> Kilograms | None:
    """The weight the dose is counted by, or None when the basis cannot be had."""
    weighing = draft.weighing
    return {"actual": weighing.weight, "ideal": weighing.ideal}.get(draft.basis) if weighing else None


def amounts(draft: OrderDraft, *, weight: Kilograms | None, dose: DoseRow) -> Amounts | None:
    """Each dose in mg (to 0.1), its volume (to 0.01 mL) or tablets, and the rate (to 0.1 mg/h).

    None while something to count by is missing: a weight, a strength, the time of an infusion.
    """
    minutes = draft.infusion
    if draft.strength.value <= 0 or (minutes is not None and minutes.value <= 0):
        return None
    doses = _doses(draft, weight, dose=dose)
    if doses is None:
        return None
    volumes = tuple(portion_of(one, draft.strength) for one in doses)
    counted = Amounts(weight if dose.by_weight else None, doses, volumes)
    rate = counted.dose.over(minutes).rounded("0.1") if minutes is not None else None
    return Amounts(counted.weight, doses, volumes, rate)


def portion_of(dose: Milligrams, strength: Strength) -> Portion:
    """How much of the clinic's own product holds the dose: mL of a vial, or tablets; to 0.01."""
    if isinstance(strength, MilligramsPerTablet):
        return tablets_of(dose, strength)
    return dose.volume_at(strength).rounded("0.01")


def _doses(draft: OrderDraft, weight: Kilograms | None, *, dose: DoseRow) -> tuple[Milligrams, ...] | None:
    """The doses in the order they are given; an amount that devices make up is one dose a device."""
    if isinstance(dose.administration, DeviceSprays) and isinstance(draft.dose, Milligrams):
        device = dose.administration.device
        return (device,) * max(int(draft.dose.value // device.value), 1)
    counted = [_in_mg(amount, weight) for amount in (draft.dose, *draft.further)]
    known = tuple(one for one in counted if one is not None)
    return known if len(known) == len(counted) else None


def _in_mg(amount: Amount, weight: Kilograms | None) -> Milligrams | None:
    if isinstance(amount, MilligramsPerKilogram):
        return amount.times(weight).rounded("0.1") if weight else None
    return amount
