"""Pure: how far a dose may go. Usual, needs a reason, needs a second prescriber, and the ceiling (H06).

The bands and the ceiling are rows of the pack. A dose is judged by the weight the person really has, also
when it is counted by ideal weight: what reaches a body does not depend on how it was worked out. The range
of the studies is shown and is no band.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openkap.kernel.quantity import Millilitres, Minutes, plain
from openkap.kernel.refusal import Objection, unlisted
from openkap.protocols.pack import Bands, Ceiling, DoseRow, Guard, Row

MINUTES_PER_HOUR = 60


class Reason(StrEnum):
    """Why a dose is refused, or asks for more than one signature."""

    DOSE_OVER_CEILING = "DOSE_OVER_CEILING"
    RATE_OVER_CEILING = "RATE_OVER_CEILING"
    TIME_UNDER_CEILING = "TIME_UNDER_CEILING"
    DOSE_OVER_USUAL = "DOSE_OVER_USUAL"
    DOSE_UNDER_RANGE = "DOSE_UNDER_RANGE"
    TIME_NOT_USUAL = "TIME_NOT_USUAL"
    TIME_SHORT = "TIME_SHORT"
    RATE_HIGH = "RATE_HIGH"
    MORE_THAN_ONE_VIAL = "MORE_THAN_ONE_VIAL"
    PRESCRIBERS_ONLY = "PRESCRIBERS_ONLY"
    NOTHING_LEFT = "NOTHING_LEFT"
    OVER_WHAT_IS_LEFT = "OVER_WHAT_IS_LEFT"
    WHY_MISSING = "WHY_MISSING"
    CONTINUED_ALREADY = "CONTINUED_ALREADY"


@dataclass(frozen=True, slots=True)
class Regimen:
    """A dose as it reaches the person: mg for each kg they weigh, over how many minutes."""

    mg_per_kg: Decimal
    minutes: Decimal

    @property
    def mg_per_kg_per_h(self) -> Decimal:
        """The rate by weight, in mg/kg/h."""
        return self.mg_per_kg * MINUTES_PER_HOUR / self.minutes


@dataclass(frozen=True, slots=True)
class Concern:
    """A band the order leaves: not a refusal, but it wants a reason or a second prescriber."""

    flag: str
    text: str
    override: str
    row: Row


def over_ceiling(regimen: Regimen, ceiling: Ceiling) -> list[Objection]:
    """What nobody signs over in this software, whatever the status of the row."""
    objections = []
    told = f"Nobody can sign over it here (rule {ceiling.id}, {ceiling.status.words})."
    if regimen.mg_per_kg > ceiling.mg_per_kg_max.value:
        text = f"{_short(regimen.mg_per_kg)} mg/kg is over the ceiling of {ceiling.mg_per_kg_max}. {told}"
        objections.append(unlisted(Reason.DOSE_OVER_CEILING, text, "dose_mg_per_kg"))
    if regimen.minutes < ceiling.minutes_at_least:
        text = f"{plain(regimen.minutes)} min is under the least of {ceiling.minutes_at_least} min. {told}"
        objections.append(unlisted(Reason.TIME_UNDER_CEILING, text, "infusion_minutes"))
    if regimen.mg_per_kg_per_h > ceiling.mg_per_kg_per_h_max:
        text = (
            f"{_short(regimen.mg_per_kg_per_h)} mg/kg/h is over the ceiling of "
            f"{plain(ceiling.mg_per_kg_per_h_max)} mg/kg/h. {told}"
        )
        objections.append(unlisted(Reason.RATE_OVER_CEILING, text, "infusion_minutes"))
    return objections


def outside_bands(regimen: Regimen, *, bands: Bands, cap: Guard, dose: DoseRow) -> list[Concern]:
    """Each band the regimen leaves, the strictest of dose, time and rate."""
    return [*_dose(regimen, bands, cap, dose), *_time(regimen, bands), *_rate(regimen, bands)]


def _dose(regimen: Regimen, bands: Bands, cap: Guard, dose: DoseRow) -> list[Concern]:
    given, low = regimen.mg_per_kg, dose.range_mg_per_kg[0]
    if given > cap.value:
        text = f"{_short(given)} mg/kg is more than {plain(cap.value)} mg/kg."
        return [Concern(cap.flag, text, cap.override, cap)]
    if given > bands.reason_over_mg_per_kg.value:
        text = f"{_short(given)} mg/kg is more than the usual {bands.reason_over_mg_per_kg}."
        return [Concern(Reason.DOSE_OVER_USUAL, text, "allowed", bands)]
    if given < low.value:
        text = f"{_short(given)} mg/kg is less than any dose of the sources ({low})."
        return [Concern(Reason.DOSE_UNDER_RANGE, text, "allowed", dose)]
    return []


def _time(regimen: Regimen, bands: Bands) -> list[Concern]:
    low, high = bands.usual_minutes
    if regimen.minutes < bands.second_under_minutes:
        text = f"{plain(regimen.minutes)} min is shorter than {bands.second_under_minutes} min."
        return [Concern(Reason.TIME_SHORT, text, "second_prescriber", bands)]
    if not low <= regimen.minutes <= high:
        text = f"{plain(regimen.minutes)} min is outside the usual {low} to {high} min."
        return [Concern(Reason.TIME_NOT_USUAL, text, "allowed", bands)]
    return []


def _rate(regimen: Regimen, bands: Bands) -> list[Concern]:
    if regimen.mg_per_kg_per_h <= bands.second_over_mg_per_kg_per_h:
        return []
    text = (
        f"{_short(regimen.mg_per_kg_per_h)} mg/kg/h is faster than "
        f"{plain(bands.second_over_mg_per_kg_per_h)} mg/kg/h."
    )
    return [Concern(Reason.RATE_HIGH, text, "second_prescriber", bands)]


def vials(volume: Millilitres, vial: Millilitres) -> int:
    """How many vials of this size hold the volume; at least one."""
    whole = int(volume.value // vial.value)
    return max(whole + (whole * vial.value < volume.value), 1)


def several_vials(volume: Millilitres, vial: Millilitres, *, row: Row) -> list[Concern]:
    """More than one vial is said aloud: it is what a slipped decimal looks like at the bedside."""
    count = vials(volume, vial)
    if count == 1:
        return []
    text = f"{volume} is more than one vial: {count} vials of {vial}."
    return [Concern(Reason.MORE_THAN_ONE_VIAL, text, "allowed", row)]


def differences(*, mg_per_kg: Decimal, minutes: Minutes, dose: DoseRow) -> list[str]:
    """What differs from the protocol's own row, by name. An order that differs is not wrong; it is named."""
    named = []
    if mg_per_kg != dose.dose_mg_per_kg.value:
        named.append(f"{_short(mg_per_kg)} mg/kg instead of {dose.dose_mg_per_kg}")
    if minutes.value != dose.infusion_minutes.value:
        named.append(f"{minutes} instead of {dose.infusion_minutes}")
    return named


def objections_to_rest(
    *, wanted_mg: Decimal, left_mg: Decimal, role: str, why: str, continued: bool
) -> list[Objection]:
    """After a stop the rest may be given by a new order: at most what was left, with a reason.

    H05: together the two orders never give more than the first one ordered.
    """
    objections = []
    if role != "prescriber":
        objections.append(unlisted(Reason.PRESCRIBERS_ONLY, "Only a prescriber signs an order."))
    if continued:
        text = "The rest of this order has been ordered already."
        objections.append(unlisted(Reason.CONTINUED_ALREADY, text))
    if left_mg <= 0:
        objections.append(unlisted(Reason.NOTHING_LEFT, "Nothing of this order is left."))
    elif not 0 < wanted_mg <= left_mg:
        text = f"{plain(left_mg)} mg are left of the order; at most that may be given."
        objections.append(unlisted(Reason.OVER_WHAT_IS_LEFT, text, "dose_mg"))
    if not why.strip():
        text = "Say why the dose was stopped, and why it goes on."
        objections.append(unlisted(Reason.WHY_MISSING, text, "why"))
    return objections


def _short(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.001")))
