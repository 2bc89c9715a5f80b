"""Pure: the check of an order. Dose by weight, dose, volume and rate from one another, in their own units.

H02 (mg against mg/kg): the dose is typed in one unit and confirmed in the other. H03 (concentration):
the volume comes from the strength of the clinic's own vial and nothing else. H04 (weight): stale,
changed or impossible weights are asked again. Past doses are handed in; the rule reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.courses.dose_rules import Concern, Regimen, outside_bands, over_ceiling, several_vials
from openkap.courses.reasons import CoursesReason
from openkap.kernel.quantity import (
    Kilograms,
    Milligrams,
    MilligramsPerHour,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    Minutes,
    plain,
)
from openkap.kernel.refusal import Objection
from openkap.protocols.pack import Pack

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
class Draft:
    """An order as a prescriber types it."""

    dose: MilligramsPerKilogram
    confirmed_mg: Milligrams | None
    infusion: Minutes
    strength: MilligramsPerMillilitre
    weighing: Weighing
    vial: Millilitres | None = None
    basis: str = "actual"
    diluted: bool = False
    reason: str = ""
    last_dose_at: datetime | None = None
    planned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one dose comes to, in every unit it is spoken of."""

    weight: Kilograms
    dose: Milligrams
    volume: Millilitres
    rate: MilligramsPerHour


def amounts(
    *,
    dose: MilligramsPerKilogram,
    weight: Kilograms,
    strength: MilligramsPerMillilitre,
    infusion: Minutes,
) -> Amounts:
    """The dose in mg (to 0.1), the volume of the vial (to 0.01 mL) and the rate (to 0.1 mg/h)."""
    milligrams = dose.times(weight).rounded("0.1")
    return Amounts(
        weight=weight,
        dose=milligrams,
        volume=milligrams.volume_at(strength).rounded("0.01"),
        rate=milligrams.over(infusion).rounded("0.1"),
    )


def weight_by(draft: Draft) -> Kilograms | None:
    """The weight the dose is counted by, or None when the basis cannot be had."""
    return {"actual": draft.weighing.weight, "ideal": draft.weighing.ideal}.get(draft.basis)


def check(draft: Draft, *, pack: Pack, at: datetime) -> tuple[Amounts | None, list[Objection], list[Concern]]:
    """The amounts of an order, all that stands against it, and all that needs a reason or a second person."""
    found = _objections_to_weight(draft, pack=pack, at=at) + _objections_to_numbers(draft, pack=pack)
    weight = weight_by(draft)
    if weight is None or draft.strength.value <= 0 or draft.infusion.value <= 0:
        return None, found, []
    counted = amounts(dose=draft.dose, weight=weight, strength=draft.strength, infusion=draft.infusion)
    found += _objections_to_confirmation(draft, counted)
    regimen = regimen_of(draft, counted)
    found += over_ceiling(regimen, pack.ceiling)
    concerns = _concerns(draft, counted, regimen, pack=pack)
    if concerns and not draft.reason.strip():
        found.append(CoursesReason.REASON_MISSING("reason", concerns=[it.said for it in concerns]))
    return counted, found, concerns


def regimen_of(draft: Draft, counted: Amounts) -> Regimen:
    """The dose by the weight the person really has, whatever weight it was counted by."""
    if draft.basis == "actual":
        return Regimen(draft.dose.value, draft.infusion.value)
    return Regimen(counted.dose.per(draft.weighing.weight).value, draft.infusion.value)


def _objections_to_weight(draft: Draft, *, pack: Pack, at: datetime) -> list[Objection]:
    rules, weighing, found = pack.weight_rules, draft.weighing, []
    if weighing.measured_at > at:
        found.append(CoursesReason.WEIGHT_FUTURE("weight"))
    if at - weighing.measured_at > timedelta(days=int(rules["W_ACTUAL"].value)):
        found.append(CoursesReason.WEIGHT_OLD("weight", text=rules["W_ACTUAL"].text))
    change = rules["W_CHANGE"].value / 100
    previous = weighing.previous
    changed = previous and abs(weighing.weight.value - previous.value) > previous.value * change
    if changed and not weighing.confirmed:
        found.append(
            CoursesReason.WEIGHT_CHANGE("weight_confirmed", previous=previous, weight=weighing.weight)
        )
    bmi = weighing.bmi
    if bmi is not None and not rules["W_BMI_LOW"].value <= bmi <= rules["W_BMI_HIGH"].value:
        height = plain(weighing.height_cm or Decimal(0))
        found.append(CoursesReason.WEIGHT_IMPOSSIBLE("weight", weight=weighing.weight, height=height))
    if draft.basis not in ("actual", "ideal"):
        found.append(CoursesReason.BASIS_MISSING("basis"))
    elif weight_by(draft) is None:
        found.append(CoursesReason.NO_IDEAL_WEIGHT("basis"))
    return found


def _objections_to_numbers(draft: Draft, *, pack: Pack) -> list[Objection]:
    found = []
    if draft.dose.value <= 0:
        found.append(CoursesReason.DOSE_NOT_POSITIVE("dose_mg_per_kg"))
    if draft.strength.value <= 0:
        found.append(CoursesReason.STRENGTH_MISSING("formulary_item"))
    longest = pack.dose.infusion_range_minutes[1]
    if draft.infusion.value <= 0:
        found.append(CoursesReason.TIME_NOT_POSITIVE("infusion_minutes"))
    elif draft.infusion.value > longest:
        found.append(
            CoursesReason.TIME_OVER_SOURCES("infusion_minutes", time=draft.infusion, longest=longest)
        )
    dilute = pack.guards["G_DILUTE"]
    if draft.strength.value >= dilute.value and not draft.diluted:
        found.append(CoursesReason.DILUTION_NOT_RECORDED("diluted", text=dilute.text))
    return found


def _objections_to_confirmation(draft: Draft, counted: Amounts) -> list[Objection]:
    """The dose is typed in mg/kg and confirmed in mg; the two must be the same dose (H02)."""
    if draft.confirmed_mg is None:
        return [
            CoursesReason.NOT_CONFIRMED(
                "confirmed_mg", dose=draft.dose, weight=counted.weight, amount=counted.dose
            )
        ]
    if draft.confirmed_mg.value != counted.dose.value:
        return [
            CoursesReason.CONFIRMED_OTHER(
                "confirmed_mg",
                dose=draft.dose,
                weight=counted.weight,
                amount=counted.dose,
                typed=draft.confirmed_mg,
            )
        ]
    return []


def _concerns(draft: Draft, counted: Amounts, regimen: Regimen, *, pack: Pack) -> list[Concern]:
    interval = pack.guards["G_INTERVAL"]
    found = outside_bands(regimen, bands=pack.bands, cap=pack.guards["G_CAP_IV"], dose=pack.dose)
    if draft.vial is not None:
        found += several_vials(counted.volume, draft.vial, row=pack.bands)
    if draft.last_dose_at and draft.planned_at:
        gap = draft.planned_at - draft.last_dose_at
        if gap < timedelta(hours=int(interval.value)):
            hours = int(gap.total_seconds() // 3600)
            said = CoursesReason.INTERVAL_SHORT(hours=hours, least=interval.value)
            found.append(Concern(interval.flag, said, interval.override, interval))
    return found


def needs_second(concerns: list[Concern]) -> bool:
    """Whether a second prescriber must sign too."""
    return any(concern.override == "second_prescriber" for concern in concerns)


def side_by_side(draft: Draft, *, pack: Pack) -> tuple[tuple[str, Amounts], ...]:
    """The dose by actual and by ideal weight from BMI 30 on; the program never chooses between them."""
    bmi, ideal = draft.weighing.bmi, draft.weighing.ideal
    weights = [("actual", draft.weighing.weight)]
    if bmi is not None and ideal is not None and bmi >= pack.weight_rules["W_OBESE"].value:
        weights.append(("ideal", ideal))
    return tuple(
        (name, amounts(dose=draft.dose, weight=weight, strength=draft.strength, infusion=draft.infusion))
        for name, weight in weights
    )
