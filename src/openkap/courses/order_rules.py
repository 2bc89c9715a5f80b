"""Pure: the check of an order: the weight it is counted by, its numbers, and the protocol's limits.

H02 (mg against mg/kg): the dose is typed in one unit and confirmed in the other. H03 (concentration): the
strongest vials are diluted. H04 (weight): stale, changed or impossible weights are asked again. Past doses
are handed in; the rule reads nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from openkap.courses.counting import Amounts, OrderDraft, Weighing, amounts, weight_by
from openkap.courses.dose_rules import (
    Concern,
    DoseSize,
    no_whole_tablets,
    outside_bands,
    over_ceiling,
    several_vials,
)
from openkap.courses.reasons import CoursesReason
from openkap.kernel.quantity import MilligramsPerKilogram, MilligramsPerMillilitre, Quantity, plain
from openkap.kernel.refusal import Objection
from openkap.protocols.administration import (
    Amount,
    AmountSteps,
    DeviceSprays,
    DoseRow,
    Infusion,
    Injections,
)
from openkap.protocols.pack import Pack


def check(
    draft: OrderDraft, *, pack: Pack, at: datetime
) -> tuple[Amounts | None, list[Objection], list[Concern]]:
    """The amounts of an order, all that stands against it, and all that needs a reason or a second person."""
    objections = [
        *_objections_to_weight(draft, pack=pack, at=at),
        *_objections_to_dose(draft, pack.dose),
        *_objections_to_giving(draft, pack.dose),
        *_objections_to_vial(draft, pack),
    ]
    unit = type(pack.dose.amount.usual)
    if any(type(amount) is not unit for amount in (draft.dose, *draft.further)):
        return None, objections, []
    counted = amounts(draft, weight=weight_by(draft), dose=pack.dose)
    if counted is None:
        return None, objections, []
    objections += _objections_to_confirmation(draft, counted)
    size = size_of(draft, counted)
    objections += over_ceiling(size, pack.ceiling)
    concerns = _concerns(draft, counted, size=size, pack=pack)
    if concerns and not draft.reason.strip():
        objections.append(CoursesReason.REASON_MISSING("reason", concerns=[it.said for it in concerns]))
    return counted, objections, concerns


def size_of(draft: OrderDraft, counted: Amounts) -> DoseSize:
    """The dose by the weight the person really has, whatever weight it was counted by."""
    minutes = draft.infusion.value if draft.infusion is not None else None
    weighing = draft.weighing
    if weighing is None:
        return DoseSize(counted.dose.value, minutes=minutes)
    by_weight = isinstance(draft.dose, MilligramsPerKilogram)
    if by_weight and draft.basis == "actual":
        mg_per_kg = total_of(draft).value
    else:
        mg_per_kg = counted.dose.per(weighing.weight).value
    return DoseSize(counted.dose.value, mg_per_kg, minutes)


def total_of(draft: OrderDraft) -> Amount:
    """All doses of the order together, in the unit they were typed in."""
    return type(draft.dose)(sum((amount.value for amount in (draft.dose, *draft.further)), Decimal(0)))


def _objections_to_weight(draft: OrderDraft, *, pack: Pack, at: datetime) -> list[Objection]:
    """A weight is judged where the dose is counted by it."""
    weighing = draft.weighing
    if not pack.dose.by_weight:
        return []
    if weighing is None:
        return [CoursesReason.NOT_WEIGHED("weight")]
    objections = _objections_to_weighing(weighing, pack=pack, at=at)
    if draft.basis not in ("actual", "ideal"):
        objections.append(CoursesReason.BASIS_MISSING("basis"))
    elif weight_by(draft) is None:
        objections.append(CoursesReason.NO_IDEAL_WEIGHT("basis"))
    return objections


def _objections_to_weighing(weighing: Weighing, *, pack: Pack, at: datetime) -> list[Objection]:
    rules, objections = pack.weight_rules, []
    if weighing.measured_at > at:
        objections.append(CoursesReason.WEIGHT_FUTURE("weight"))
    if at - weighing.measured_at > timedelta(days=int(rules.days_valid.value)):
        objections.append(CoursesReason.WEIGHT_OLD("weight", text=rules.days_valid.text))
    change = rules.change_percent.value / 100
    previous = weighing.previous
    changed = previous and abs(weighing.weight.value - previous.value) > previous.value * change
    if changed and not weighing.confirmed:
        objections.append(
            CoursesReason.WEIGHT_CHANGE("weight_confirmed", previous=previous, weight=weighing.weight)
        )
    bmi = weighing.bmi
    if bmi is not None and not rules.least_bmi.value <= bmi <= rules.most_bmi.value:
        height = plain(weighing.height_cm or Decimal(0))
        objections.append(CoursesReason.WEIGHT_IMPOSSIBLE("weight", weight=weighing.weight, height=height))
    return objections


def _objections_to_dose(draft: OrderDraft, dose: DoseRow) -> list[Objection]:
    """In the protocol's own unit, more than nothing, and one of its steps where it has steps."""
    unit = type(dose.amount.usual)
    objections: list[Objection] = []
    for field, amount in (("dose", draft.dose), *(("further", it) for it in draft.further)):
        if type(amount) is not unit:
            objections.append(CoursesReason.OTHER_UNIT(field, unit=unit.unit))
        elif amount.value <= 0:
            objections.append(CoursesReason.DOSE_NOT_POSITIVE(field))
        elif isinstance(dose.amount, AmountSteps) and amount not in dose.amount.amounts:
            objections.append(CoursesReason.NOT_A_STEP(field, dose=amount, steps=list(dose.amount.amounts)))
    return objections


def _objections_to_giving(draft: OrderDraft, dose: DoseRow) -> list[Objection]:
    """What this way of giving needs, and what it does not have: a time, further doses."""
    how, minutes, objections = dose.administration, draft.infusion, []
    if not isinstance(how, Infusion):
        if minutes is not None:
            objections.append(CoursesReason.TIME_NOT_THIS("infusion_minutes"))
    elif minutes is None:
        objections.append(CoursesReason.TIME_MISSING("infusion_minutes"))
    elif minutes.value <= 0:
        objections.append(CoursesReason.TIME_NOT_POSITIVE("infusion_minutes"))
    elif minutes > how.most:
        objections.append(CoursesReason.TIME_OVER_SOURCES("infusion_minutes", time=minutes, longest=how.most))
    most = how.most if isinstance(how, Injections) else 1
    if 1 + len(draft.further) > most:
        objections.append(CoursesReason.FURTHER_TOO_MANY("further", most=most))
    return objections


def _objections_to_vial(draft: OrderDraft, pack: Pack) -> list[Objection]:
    objections = []
    if draft.strength.value <= 0:
        objections.append(CoursesReason.STRENGTH_MISSING("formulary_item"))
    dilute = pack.dilution
    is_liquid = isinstance(draft.strength, MilligramsPerMillilitre)
    if dilute and is_liquid and draft.strength.value >= dilute.from_mg_per_ml and not draft.diluted:
        objections.append(CoursesReason.DILUTION_NOT_RECORDED("diluted", text=dilute.text))
    return objections


def _objections_to_confirmation(draft: OrderDraft, counted: Amounts) -> list[Objection]:
    """What was typed in the protocol's unit is confirmed in mg; the two must be the same dose (H02)."""
    told: dict[str, Quantity] = {"amount": counted.dose}
    if counted.weight is None:
        missing, other = CoursesReason.NOT_CONFIRMED_FIXED, CoursesReason.CONFIRMED_OTHER_FIXED
    else:
        missing, other = CoursesReason.NOT_CONFIRMED, CoursesReason.CONFIRMED_OTHER
        told |= {"dose": total_of(draft), "weight": counted.weight}
    if draft.confirmed_mg is None:
        return [missing("confirmed_mg", **told)]
    if draft.confirmed_mg.value != counted.dose.value:
        return [other("confirmed_mg", **told, typed=draft.confirmed_mg)]
    return []


def _concerns(draft: OrderDraft, counted: Amounts, *, size: DoseSize, pack: Pack) -> list[Concern]:
    concerns = outside_bands(size, bands=pack.bands, dose=pack.dose)
    if draft.vial is not None and not isinstance(pack.dose.administration, DeviceSprays):
        concerns += several_vials(counted.volume, draft.vial, row=pack.bands[0])
    concerns += no_whole_tablets(counted.volume, row=pack.dose)
    return concerns + _first_step(draft, pack.dose) + _too_soon(draft, pack)


def _first_step(draft: OrderDraft, dose: DoseRow) -> list[Concern]:
    """A course that goes by steps begins with the one the protocol names."""
    if not draft.is_first or not isinstance(dose.amount, AmountSteps):
        return []
    if draft.dose.value <= dose.amount.first.value:
        return []
    said = CoursesReason.FIRST_STEP_IS_LESS(first=dose.amount.first)
    return [Concern(said.code, said, "allowed", dose)]


def _too_soon(draft: OrderDraft, pack: Pack) -> list[Concern]:
    interval = pack.interval
    if interval is None or draft.last_dose_at is None or draft.planned_at is None:
        return []
    gap = draft.planned_at - draft.last_dose_at
    if gap >= timedelta(hours=interval.hours):
        return []
    hours = int(gap.total_seconds() // 3600)
    said = CoursesReason.INTERVAL_SHORT(hours=hours, least=interval.hours)
    return [Concern(interval.flag, said, interval.override, interval)]


def needs_second(concerns: list[Concern]) -> bool:
    """Whether a second prescriber must sign too."""
    return any(concern.override == "second_prescriber" for concern in concerns)


def side_by_side(draft: OrderDraft, *, pack: Pack) -> tuple[tuple[str, Amounts], ...]:
    """The dose by actual and by ideal weight from BMI 30 on; the program never chooses between them."""
    weighing = draft.weighing
    if weighing is None or not pack.dose.by_weight:
        return ()
    weights = [("actual", weighing.weight)]
    bmi, ideal = weighing.bmi, weighing.ideal
    if bmi is not None and ideal is not None and bmi >= pack.weight_rules.side_by_side_bmi.value:
        weights.append(("ideal", ideal))
    counted = ((name, amounts(draft, weight=weight, dose=pack.dose)) for name, weight in weights)
    return tuple((name, one) for name, one in counted if one is not None)
