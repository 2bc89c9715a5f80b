"""Pure: how far a dose may go. Usual, needs a reason, needs a second prescriber, and the ceiling (H06).

The bands and the ceiling are rows of the pack. A dose is judged by the weight the person really has, also
when it is counted by ideal weight: what reaches a body does not depend on how it was worked out. The range
of the studies is shown and is no band.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.courses.reasons import CoursesReason
from openkap.kernel.quantity import Millilitres, Minutes, plain
from openkap.kernel.refusal import Objection
from openkap.protocols.pack import Bands, Ceiling, DoseRow, Guard, Row

MINUTES_PER_HOUR = 60


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
    said: Objection
    override: str
    row: Row

    @property
    def text(self) -> str:
        """The sentence, in the reader's language. For the edge alone."""
        return self.said.text


def over_ceiling(regimen: Regimen, ceiling: Ceiling) -> list[Objection]:
    """What nobody signs over in this software, whatever the status of the row."""
    objections = []
    told = {"rule": ceiling.id, "status": ceiling.status.words}
    if regimen.mg_per_kg > ceiling.mg_per_kg_max.value:
        objections.append(
            CoursesReason.DOSE_OVER_CEILING(
                "dose_mg_per_kg", mg_per_kg=_short(regimen.mg_per_kg), most=ceiling.mg_per_kg_max, **told
            )
        )
    if regimen.minutes < ceiling.minutes_at_least:
        objections.append(
            CoursesReason.TIME_UNDER_CEILING(
                "infusion_minutes", minutes=regimen.minutes, least=ceiling.minutes_at_least, **told
            )
        )
    if regimen.mg_per_kg_per_h > ceiling.mg_per_kg_per_h_max:
        objections.append(
            CoursesReason.RATE_OVER_CEILING(
                "infusion_minutes",
                rate=_short(regimen.mg_per_kg_per_h),
                most=ceiling.mg_per_kg_per_h_max,
                **told,
            )
        )
    return objections


def outside_bands(regimen: Regimen, *, bands: Bands, cap: Guard, dose: DoseRow) -> list[Concern]:
    """Each band the regimen leaves, the strictest of dose, time and rate."""
    return [*_dose(regimen, bands, cap, dose), *_time(regimen, bands), *_rate(regimen, bands)]


def _concern(said: Objection, override: str, row: Row) -> Concern:
    return Concern(said.code, said, override, row)


def _dose(regimen: Regimen, bands: Bands, cap: Guard, dose: DoseRow) -> list[Concern]:
    given, low = regimen.mg_per_kg, dose.range_mg_per_kg[0]
    usual = bands.reason_over_mg_per_kg
    if given > cap.value:
        said = CoursesReason.DOSE_OVER_CAP(dose=_short(given), most=cap.value)
        return [Concern(cap.flag, said, cap.override, cap)]
    if given > usual.value:
        return [_concern(CoursesReason.DOSE_OVER_USUAL(dose=_short(given), most=usual), "allowed", bands)]
    if given < low.value:
        return [_concern(CoursesReason.DOSE_UNDER_RANGE(dose=_short(given), least=low), "allowed", dose)]
    return []


def _time(regimen: Regimen, bands: Bands) -> list[Concern]:
    low, high = bands.usual_minutes
    minutes, least = regimen.minutes, bands.second_under_minutes
    if minutes < least:
        return [_concern(CoursesReason.TIME_SHORT(minutes=minutes, least=least), "second_prescriber", bands)]
    if not low <= minutes <= high:
        said = CoursesReason.TIME_NOT_USUAL(minutes=minutes, low=low, high=high)
        return [_concern(said, "allowed", bands)]
    return []


def _rate(regimen: Regimen, bands: Bands) -> list[Concern]:
    rate, most = regimen.mg_per_kg_per_h, bands.second_over_mg_per_kg_per_h
    if rate <= most:
        return []
    return [_concern(CoursesReason.RATE_HIGH(rate=_short(rate), most=most), "second_prescriber", bands)]


def vials(volume: Millilitres, vial: Millilitres) -> int:
    """How many vials of this size hold the volume; at least one."""
    whole = int(volume.value // vial.value)
    return max(whole + (whole * vial.value < volume.value), 1)


def several_vials(volume: Millilitres, vial: Millilitres, *, row: Row) -> list[Concern]:
    """More than one vial is said aloud: it is what a slipped decimal looks like at the bedside."""
    count = vials(volume, vial)
    if count == 1:
        return []
    said = CoursesReason.MORE_THAN_ONE_VIAL(volume=volume, count=count, vial=vial)
    return [_concern(said, "allowed", row)]


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
        objections.append(CoursesReason.PRESCRIBERS_ONLY())
    if continued:
        objections.append(CoursesReason.CONTINUED_ALREADY())
    if left_mg <= 0:
        objections.append(CoursesReason.NOTHING_LEFT())
    elif not 0 < wanted_mg <= left_mg:
        objections.append(CoursesReason.OVER_WHAT_IS_LEFT("dose_mg", left_mg=left_mg))
    if not why.strip():
        objections.append(CoursesReason.WHY_MISSING("why"))
    return objections


def _short(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.001")))
