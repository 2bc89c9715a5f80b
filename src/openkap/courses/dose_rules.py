"""Pure: how far a dose may go. Usual, needs a reason, needs a second prescriber, and the ceiling (H06).

The bands and the ceiling are rows of the pack. A dose is judged by the weight the person really has, also
when it is counted by ideal weight: what reaches a body does not depend on how it was worked out. All doses
of one order count together. The range of the studies is shown and is no band.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openkap.courses.counting import Portion
from openkap.courses.reasons import CoursesReason
from openkap.kernel.quantity import (
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerKilogramPerHour,
    Minutes,
    Quantity,
)
from openkap.kernel.refusal import Objection, Refused
from openkap.kernel.tablets import Tablets
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _
from openkap.protocols.administration import Amount, DoseRow, Infusion
from openkap.protocols.limits import Asks, Ceiling, DoseBand, DoseLimit, Measure
from openkap.protocols.rows import Row

MINUTES_PER_HOUR = 60
INSTEAD = _("{now} instead of {usual}")
UNITS: dict[Measure, type[Quantity]] = {
    Measure.MG_PER_KG: MilligramsPerKilogram,
    Measure.MG: Milligrams,
    Measure.MINUTES: Minutes,
    Measure.MG_PER_KG_PER_H: MilligramsPerKilogramPerHour,
}
FIELDS = {
    Measure.MG_PER_KG: "dose",
    Measure.MG: "dose",
    Measure.MINUTES: "infusion_minutes",
    Measure.MG_PER_KG_PER_H: "infusion_minutes",
}
BEYOND = {
    (Measure.MG_PER_KG, True, Asks.REASON): CoursesReason.DOSE_OVER_USUAL,
    (Measure.MG_PER_KG, True, Asks.SECOND_PRESCRIBER): CoursesReason.DOSE_OVER_CAP,
    (Measure.MG_PER_KG, True, Asks.CEILING): CoursesReason.DOSE_OVER_CEILING,
    (Measure.MG, True, Asks.REASON): CoursesReason.DOSE_OVER_USUAL,
    (Measure.MG, True, Asks.SECOND_PRESCRIBER): CoursesReason.DOSE_OVER_CAP,
    (Measure.MG, True, Asks.CEILING): CoursesReason.DOSE_OVER_CEILING,
    (Measure.MINUTES, False, Asks.REASON): CoursesReason.TIME_UNDER_USUAL,
    (Measure.MINUTES, False, Asks.SECOND_PRESCRIBER): CoursesReason.TIME_SHORT,
    (Measure.MINUTES, False, Asks.CEILING): CoursesReason.TIME_UNDER_CEILING,
    (Measure.MINUTES, True, Asks.REASON): CoursesReason.TIME_OVER_USUAL,
    (Measure.MINUTES, True, Asks.SECOND_PRESCRIBER): CoursesReason.TIME_LONG,
    (Measure.MINUTES, True, Asks.CEILING): CoursesReason.TIME_OVER_CEILING,
    (Measure.MG_PER_KG_PER_H, True, Asks.REASON): CoursesReason.RATE_OVER_USUAL,
    (Measure.MG_PER_KG_PER_H, True, Asks.SECOND_PRESCRIBER): CoursesReason.RATE_HIGH,
    (Measure.MG_PER_KG_PER_H, True, Asks.CEILING): CoursesReason.RATE_OVER_CEILING,
}
GRAVITY = {Asks.REASON: 1, Asks.SECOND_PRESCRIBER: 2}
OVERRIDES = {Asks.REASON: "allowed", Asks.SECOND_PRESCRIBER: "second_prescriber"}


@dataclass(frozen=True, slots=True)
class DoseSize:
    """A dose as it reaches the person. What is None is not known, or this way of giving does not have it."""

    mg: Decimal | None = None
    mg_per_kg: Decimal | None = None
    minutes: Decimal | None = None

    @property
    def mg_per_kg_per_h(self) -> Decimal | None:
        """The rate by weight, in mg/kg/h."""
        if self.mg_per_kg is None or not self.minutes:
            return None
        return self.mg_per_kg * MINUTES_PER_HOUR / self.minutes

    def number(self, measure: Measure) -> Decimal | None:
        """The number a limit speaks of."""
        return {
            Measure.MG_PER_KG: self.mg_per_kg,
            Measure.MG: self.mg,
            Measure.MINUTES: self.minutes,
            Measure.MG_PER_KG_PER_H: self.mg_per_kg_per_h,
        }[measure]


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


def over_ceiling(size: DoseSize, ceiling: Ceiling) -> list[Objection]:
    """What nobody signs over in this software, whatever the status of the row."""
    told = {"rule": ceiling.id, "status": ceiling.status.words}
    return [
        BEYOND[limit.of, limit.is_upper, Asks.CEILING](FIELDS[limit.of], **_numbers(size, limit), **told)
        for limit in ceiling.limits
        if _is_beyond(size, limit)
    ]


def outside_bands(size: DoseSize, *, bands: Sequence[DoseBand], dose: DoseRow) -> list[Concern]:
    """Each band the dose leaves: the strictest of dose, time and rate, and less than any source gave."""
    concerns = []
    for measure in Measure:
        strictest = max(
            _passed(size, bands, measure=measure), key=lambda it: GRAVITY[it[1].asks], default=None
        )
        if strictest is not None:
            concerns.append(_concern(size, strictest[0], limit=strictest[1]))
    return concerns + _under_range(size, dose)


def _passed(
    size: DoseSize, bands: Sequence[DoseBand], *, measure: Measure
) -> Iterator[tuple[DoseBand, DoseLimit]]:
    for band in bands:
        for limit in band.limits:
            if limit.of is measure and _is_beyond(size, limit):
                yield band, limit


def _is_beyond(size: DoseSize, limit: DoseLimit) -> bool:
    number = size.number(limit.of)
    return number is not None and limit.is_passed_by(number)


def _concern(size: DoseSize, band: DoseBand, *, limit: DoseLimit) -> Concern:
    said = BEYOND[limit.of, limit.is_upper, limit.asks](**_numbers(size, limit))
    return Concern(band.flag or said.code, said, OVERRIDES[limit.asks], band)


def _numbers(size: DoseSize, limit: DoseLimit) -> dict[str, Quantity]:
    """The number and the limit it passed, each with its unit."""
    unit, number = UNITS[limit.of], size.number(limit.of)
    assert number is not None
    return {"number": unit(number).rounded("0.001"), "limit": unit(limit.value)}


def _under_range(size: DoseSize, dose: DoseRow) -> list[Concern]:
    """Less than any dose of the sources: said, because a decimal slips to the left as well."""
    least = dose.amount.least
    number = size.mg_per_kg if dose.by_weight else size.mg
    if number is None or number >= least.value:
        return []
    said = CoursesReason.DOSE_UNDER_RANGE(number=type(least)(number).rounded("0.001"), limit=least)
    return [Concern(said.code, said, "allowed", dose)]


def vials(volume: Portion, vial: Portion) -> int:
    """How many vials of this size hold the volume; at least one. Tablets come from one packet."""
    if isinstance(volume, Tablets):
        return 1
    whole = int(volume.value // vial.value)
    return max(whole + (whole * vial.value < volume.value), 1)


def no_whole_tablets(portion: Portion, *, row: Row) -> list[Concern]:
    """A tablet that has to be cut is said: half of one is a guess with a knife."""
    if not isinstance(portion, Tablets) or portion.value == portion.value.to_integral_value():
        return []
    said = CoursesReason.TABLETS_CUT(tablets=portion)
    return [Concern(said.code, said, "allowed", row)]


def several_vials(volume: Portion, vial: Portion, *, row: Row) -> list[Concern]:
    """More than one vial is said aloud: it is what a slipped decimal looks like at the bedside."""
    count = vials(volume, vial)
    if count == 1:
        return []
    said = CoursesReason.MORE_THAN_ONE_VIAL(volume=volume, count=count, vial=vial)
    return [Concern(said.code, said, "allowed", row)]


def differences(*, amount: Amount, minutes: Minutes | None, dose: DoseRow) -> list[str]:
    """What differs from the protocol's own row, by name. An order that differs is not wrong; it is named."""
    named = []
    if amount != dose.amount.usual:
        named.append(render(INSTEAD, {"now": amount.rounded("0.001"), "usual": dose.amount.usual}))
    how = dose.administration
    if isinstance(how, Infusion) and minutes is not None and minutes != how.minutes:
        named.append(render(INSTEAD, {"now": minutes, "usual": how.minutes}))
    return named


def no_rest() -> Refused:
    """Only an infusion can be stopped half-way and go on at its rate."""
    return Refused(CoursesReason.NO_REST())


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
