"""What an order comes to and what stands against it, by the rules the order's page goes by. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openkap.courses.counting import Weighing
from openkap.courses.dose_rules import Concern, DoseSize, outside_bands, over_ceiling
from openkap.interop.assess.case import AssessCase
from openkap.interop.assess.findings import CaseFinding, finding
from openkap.kernel.quantity import Kilograms, Milligrams, MilligramsPerKilogram
from openkap.protocols.administration import AmountSteps, Infusion
from openkap.protocols.limits import Measure
from openkap.protocols.pack import Pack

MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class CountedOrder:
    """A dose in mg with what it was counted from; what is None is not known."""

    mg: Decimal | None
    mg_per_kg: Decimal | None
    minutes: Decimal | None
    vial: Decimal | None
    is_ordered: bool

    @property
    def size(self) -> DoseSize:
        """As the limits take it."""
        return DoseSize(self.mg, self.mg_per_kg, self.minutes)


def weighing_of(case: AssessCase) -> Weighing | None:
    """The person's weight with height and sex; None when it is unknown."""
    weight = case.number("weight_kg")
    if weight is None:
        return None
    at = datetime.combine(case.today, time(), tzinfo=UTC)
    return Weighing(Kilograms(weight), at, height_cm=case.number("height_cm"), sex=case.get("sex", "unknown"))


def counted(case: AssessCase, pack: Pack) -> CountedOrder:
    """The ordered dose, or the protocol's usual one where none is ordered."""
    weight = case.number("weight_kg")
    mg, per_kg = case.number("ordered_mg"), case.number("ordered_mg_per_kg")
    is_ordered = mg is not None or per_kg is not None
    usual = pack.dose.amount.usual
    if not is_ordered and isinstance(usual, MilligramsPerKilogram):
        per_kg = usual.value
    elif not is_ordered:
        mg = usual.value
    if per_kg is not None and weight is not None:
        mg = MilligramsPerKilogram(per_kg).times(Kilograms(weight)).rounded("0.1").value
    elif mg is not None and weight is not None:
        per_kg = Milligrams(mg).per(Kilograms(weight)).value
    how, minutes = pack.dose.administration, case.number("infusion_minutes")
    if minutes is None and isinstance(how, Infusion):
        minutes = how.minutes.value
    return CountedOrder(mg, per_kg, minutes, case.number("vial_mg_per_ml"), is_ordered)


def as_json(case: AssessCase, pack: Pack, *, order: CountedOrder) -> dict[str, Any]:
    """The dose in every unit. Both weights stand side by side; which of them counts, a prescriber says."""
    volume = order.mg / order.vial if order.mg is not None and order.vial else None
    is_infused = isinstance(pack.dose.administration, Infusion)
    rate = order.mg * MINUTES_PER_HOUR / order.minutes if is_infused and order.mg and order.minutes else None
    weighing = weighing_of(case)
    return {
        "mg": _number(order.mg, "0.1"),
        "mg_per_kg": _number(order.mg_per_kg, "0.001"),
        "volume_ml": _number(volume, "0.01"),
        "rate_mg_per_h": _number(rate, "0.1"),
        "infusion_minutes": _number(order.minutes, "0.1") if is_infused else None,
        "mg_max": _number(_most(pack, weighing), "0.1"),
        "by_actual_weight": _number(_by(order, pack, weight=weighing.weight if weighing else None), "0.1"),
        "by_ideal_weight": _number(_by(order, pack, weight=weighing.ideal if weighing else None), "0.1"),
        "bmi": _number(weighing.bmi if weighing else None, "0.1"),
        "is_ordered": order.is_ordered,
    }


def _by(order: CountedOrder, pack: Pack, *, weight: Kilograms | None) -> Decimal | None:
    """The same dose for each kilogram, by this weight; None where the dose is not counted by weight."""
    if weight is None or order.mg_per_kg is None or not pack.dose.by_weight:
        return None
    return MilligramsPerKilogram(order.mg_per_kg).times(weight).value


def _most(pack: Pack, weighing: Weighing | None) -> Decimal | None:
    """The most that anybody could sign for this person, in mg."""
    limits = {limit.of: limit.value for limit in pack.ceiling.limits if limit.is_upper}
    if Measure.MG in limits:
        return limits[Measure.MG]
    return limits[Measure.MG_PER_KG] * weighing.weight.value if weighing else None


def _number(value: Decimal | None, step: str) -> int | float | None:
    if value is None:
        return None
    rounded = value.quantize(Decimal(step))
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def against(
    case: AssessCase, pack: Pack, *, order: CountedOrder, signed: frozenset[str]
) -> Iterator[CaseFinding]:
    """What stands against the ordered dose, its dilution and its day."""
    if order.is_ordered:
        yield from _over(order, pack)
        yield from _steps(order, pack)
    dilute = pack.dilution
    if dilute and order.vial is not None and order.vial >= dilute.from_mg_per_ml:
        yield finding(dilute, "conditional", flag=dilute.flag, signed=signed, action="Record the dilution.")
    if order.is_ordered or "first_dose_at" in case:
        yield from _too_soon(case, pack)
    yield from _review(case, pack, signed=signed)


def _over(order: CountedOrder, pack: Pack) -> Iterator[CaseFinding]:
    """A ceiling holds whatever its status; beyond a band a reason or a second prescriber is needed."""
    for said in over_ceiling(order.size, pack.ceiling):
        yield CaseFinding(
            flag=pack.ceiling.flag,
            row=pack.ceiling,
            outcome="exclude",
            level="block",
            override="not_allowed",
            text=said.text,
            action="Nobody signs it. Order less.",
        )
    for concern in outside_bands(order.size, bands=pack.bands, dose=pack.dose):
        yield _concern(concern)


def _concern(concern: Concern) -> CaseFinding:
    needs_second = concern.override == "second_prescriber"
    is_named = getattr(concern.row, "flag", "") == concern.flag
    return CaseFinding(
        flag=concern.flag if is_named else "",
        row=concern.row,
        outcome="conditional",
        level="warn",
        override=concern.override,
        text=concern.text,
        action="A second prescriber signs too." if needs_second else "Write down why.",
    )


def _steps(order: CountedOrder, pack: Pack) -> Iterator[CaseFinding]:
    """A dose that goes by steps is one of them, in whole devices."""
    amount = pack.dose.amount
    if not isinstance(amount, AmountSteps):
        return
    number = order.mg_per_kg if pack.dose.by_weight else order.mg
    if number is None or any(step.value == number for step in amount.amounts):
        return
    steps = ", ".join(str(step) for step in amount.amounts)
    yield CaseFinding(
        flag="",
        row=pack.dose,
        outcome="defer",
        level="block",
        override="not_allowed",
        text=f"The dose is one of {steps}.",
        action="Order one of these.",
    )


def _too_soon(case: AssessCase, pack: Pack) -> Iterator[CaseFinding]:
    """The least time between two doses, where both moments are known."""
    interval, last = pack.interval, case.moment("last_supervised_dose_at")
    if interval is None or last is None:
        return
    planned = case.moment("first_dose_at") or datetime.combine(case.today, time(23, 59), tzinfo=UTC)
    if timedelta(0) <= planned - last < timedelta(hours=interval.hours):
        yield CaseFinding(
            flag=interval.flag,
            row=interval,
            outcome="conditional",
            level="warn",
            override="second_prescriber",
            text=interval.text,
            action="A second prescriber signs too.",
        )


def _review(case: AssessCase, pack: Pack, *, signed: frozenset[str]) -> Iterator[CaseFinding]:
    """After the sessions of the schedule the benefit is written down before going on."""
    review, held = pack.review, case.get("sessions_to_date")
    number = case.get("session")
    done = held if held is not None else (number - 1 if number is not None else 0)
    if review is not None and done >= pack.schedule.sessions:
        yield finding(
            review, "conditional", flag=review.flag, signed=signed, action="Write down the benefit."
        )
