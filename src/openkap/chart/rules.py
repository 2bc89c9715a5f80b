"""Pure: what may be written into a chart, and when a number is not believable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from openkap.chart.reasons import ChartReason
from openkap.kernel.answer import Answer
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection
from openkap.kernel.wording import sentence as _

# What a clinic can measure at all. Outside it, the value is a slip of hand or of unit; these
# are limits of entry, not of treatment. Status: design default of this software.
POSSIBLE = {
    "29463-7": (_("Weight"), "kg", Decimal(20), Decimal(400)),
    "8302-2": (_("Height"), "cm", Decimal(80), Decimal(250)),
    "8480-6": (_("Systolic pressure"), "mm[Hg]", Decimal(40), Decimal(300)),
    "8462-4": (_("Diastolic pressure"), "mm[Hg]", Decimal(20), Decimal(200)),
    "8867-4": (_("Heart rate"), "/min", Decimal(20), Decimal(300)),
    "59408-5": ("SpO₂", "%", Decimal(1), Decimal(100)),
}
WEIGHT = "29463-7"
HEIGHT = "8302-2"
SYSTOLIC = "8480-6"
DIASTOLIC = "8462-4"


_NONE = frozenset(
    {"none", "none known", "nil", "nil known", "nothing", "no", "na", "not any", "keine", "nka"}
)
_KINDS_OF_NONE = re.compile(
    r"^no (known )?(other )?(allerg(y|ies)|problems?|diagnos[ei]s|medicines?|medications?|drugs?)( known)?$"
)
_DRUGS_ONLY = frozenset({"nkda", "no known drug allergies", "no drug allergies", "no known drug allergy"})


def says_none(text: str) -> bool:
    """Whether an entry only says that there is none: an answer about the list, never an entry of it."""
    plain = " ".join(re.findall(r"[a-z]+", text.casefold()))
    return plain in _NONE or plain.replace(" ", "") in ("na", "nka") or bool(_KINDS_OF_NONE.match(plain))


def objections_to_entry(kind: str, text: str) -> list[Objection]:
    """What stands against an entry of a list: no words, or words that say that there is none."""
    if not text.strip():
        return [ChartReason.TEXT_MISSING("text")]
    plain = " ".join(re.findall(r"[a-z]+", text.casefold()))
    if kind == "allergy" and plain in _DRUGS_ONLY:
        return [ChartReason.ONLY_DRUGS_RULED_OUT("text")]
    if says_none(text):
        return [ChartReason.ANSWER_NOT_ENTRY("text", text=text.strip())]
    return []


def list_answer(told: Sequence[tuple[bool, bool]]) -> Answer:
    """What entries say about their list, each as (active, says that there is none).

    Something active says yes. Someone who says there is none says no. Entries that have all ended say nothing
    about today (H16).
    """
    if any(active and not none_known for active, none_known in told):
        return Answer.YES
    return Answer.NO if any(none_known for _, none_known in told) else Answer.NOT_ASKED


def objections_to_result(*, code: str, value: Decimal, unit: str) -> list[Objection]:
    """What stands against a measured value: the wrong unit, or a number nobody can have."""
    known = POSSIBLE.get(code)
    if known is None:
        return []
    name, unit_expected, low, high = known
    if unit != unit_expected:
        if not unit:
            return [ChartReason.UNIT_MISSING("unit", name=name, expected=unit_expected)]
        return [ChartReason.UNIT_DIFFERS("unit", name=name, expected=unit_expected, unit=unit)]
    if not low <= value <= high:
        return [ChartReason.VALUE_IMPOSSIBLE("value", name=name, value=value, unit=unit, low=low, high=high)]
    return []


def objections_to_pressure(systolic: Decimal, diastolic: Decimal) -> list[Objection]:
    """What stands against a pair of pressures, beyond each one's own limits."""
    if diastolic >= systolic:
        pair = f"{plain(systolic)}/{plain(diastolic)}"
        return [ChartReason.PRESSURES_EXCHANGED("diastolic", pair=pair)]
    return []


def exchanged_pressures(told: Iterable[tuple[datetime, str, Decimal]]) -> dict[datetime, Objection]:
    """The moments at which a diastolic pressure is not below the systolic one, with what is against them."""
    pairs: dict[datetime, dict[str, list[Decimal]]] = {}
    for moment, code, value in told:
        if code in (SYSTOLIC, DIASTOLIC):
            pairs.setdefault(moment, {}).setdefault(code, []).append(value)
    objections = {}
    for moment, pair in pairs.items():
        if len(pair) == 2:
            against = objections_to_pressure(min(pair[SYSTOLIC]), max(pair[DIASTOLIC]))
            if against:
                objections[moment] = against[0]
    return objections


def objections_to_weight_change(
    new: Decimal, last: Decimal | None, *, confirmed: bool = False
) -> list[Objection]:
    """Ask again when a weight differs by more than a tenth from the last one (hazard H04)."""
    if last is None or confirmed or abs(new - last) <= last / 10:
        return []
    pounds = (last * Decimal("2.2046226218")).quantize(Decimal("0.1"))
    reason = ChartReason.WEIGHT_IN_POUNDS if abs(new - pounds) <= 2 else ChartReason.WEIGHT_CHANGE
    return [reason("confirmed", new=new, last=last)]


def objections_to_measurements(values: dict[str, Decimal | None]) -> list[Objection]:
    """What stands against what was typed at one time: nothing at all, half a pressure, exchanged numbers."""
    objections = [] if any(value is not None for value in values.values()) else [ChartReason.NOTHING_TYPED()]
    systolic, diastolic = values[SYSTOLIC], values[DIASTOLIC]
    if systolic is not None and diastolic is not None:
        return objections + objections_to_pressure(systolic, diastolic)
    if systolic is not None or diastolic is not None:
        objections.append(ChartReason.PRESSURE_INCOMPLETE("diastolic"))
    return objections


def objections_to_voiding_entry(*, why: str, voided: bool) -> list[Objection]:
    """What stands against taking an entry out of use."""
    return _said_why(why) + ([ChartReason.ENTRY_VOIDED()] if voided else [])


def objections_to_voiding_value(*, why: str, voided: bool) -> list[Objection]:
    """What stands against taking a measured value out of use."""
    return _said_why(why) + ([ChartReason.VALUE_VOIDED()] if voided else [])


def _said_why(why: str) -> list[Objection]:
    return [] if why.strip() else [ChartReason.WHY_WRONG_MISSING("why")]


def objections_to_none(*, has_entries: bool) -> list[Objection]:
    """A list with entries is not empty, whatever was said of it (hazard H16)."""
    return [ChartReason.LIST_NOT_EMPTY()] if has_entries else []
