"""Observation: a measured value of the few codes we know, in the one unit we take for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from openkap.interop.fhir.reading import Notes, codes, items, mapping, moment, text, words
from openkap.kernel.code import Code

UCUM = "http://unitsofmeasure.org"
FINAL = {"final", "amended", "corrected"}

# LOINC code → (UCUM units taken as they stand, lowest, highest value a person can have).
KNOWN: dict[str, tuple[frozenset[str], Decimal, Decimal]] = {
    "29463-7": (frozenset({"kg"}), Decimal(2), Decimal(500)),
    "8302-2": (frozenset({"cm"}), Decimal(30), Decimal(260)),
    "39156-5": (frozenset({"kg/m2"}), Decimal(8), Decimal(120)),
    "8480-6": (frozenset({"mm[Hg]"}), Decimal(40), Decimal(300)),
    "8462-4": (frozenset({"mm[Hg]"}), Decimal(20), Decimal(200)),
    "8867-4": (frozenset({"/min", "{beats}/min"}), Decimal(15), Decimal(300)),
    "59408-5": (frozenset({"%"}), Decimal(30), Decimal(100)),
    "2708-6": (frozenset({"%"}), Decimal(30), Decimal(100)),
    "9279-1": (frozenset({"/min", "{breaths}/min"}), Decimal(2), Decimal(80)),
    "8310-5": (frozenset({"Cel"}), Decimal(25), Decimal(45)),
    "44261-6": (frozenset({"{score}", "1", ""}), Decimal(0), Decimal(27)),
    "70274-6": (frozenset({"{score}", "1", ""}), Decimal(0), Decimal(21)),
}


@dataclass(frozen=True, slots=True)
class ResultRead:
    """One measured value with its LOINC code and UCUM unit."""

    source_id: str
    code: Code
    text: str
    value: Decimal
    unit: str
    measured_at: datetime


def read_observation(resource: dict[str, Any], notes: Notes) -> list[ResultRead]:
    """The values of an observation and of its components; what is not one of ours is noted as not read."""
    name = words(resource.get("code"))
    if text(resource.get("status")) not in FINAL:
        notes.skip(
            "Observation", name, f"Its status is {text(resource.get('status')) or 'missing'}, not final."
        )
        return []
    period = mapping(resource.get("effectivePeriod"))  # a period's value is as old as its beginning
    when = moment(resource.get("effectiveDateTime")) or moment(period.get("start"))
    issued = moment(resource.get("issued"))
    if when is not None and issued is not None and issued < when:
        notes.skip(
            "Observation", name, "It was issued before it says it was measured: it is older than it claims."
        )
        return []
    parts = [resource, *items(resource.get("component"))]
    found = [_value(part, name, when, resource, notes) for part in parts]
    return [one for one in found if one is not None]


def _value(
    part: dict[str, Any], name: str, when: datetime | None, resource: dict[str, Any], notes: Notes
) -> ResultRead | None:
    label = words(part.get("code")) or name
    if "valueQuantity" not in part:
        if not part.get("component"):
            notes.skip("Observation", label, "It holds no measured number we read.")
        return None
    code = next((one for one in codes(part.get("code")) if one.system == "loinc" and one.code in KNOWN), None)
    if code is None:
        notes.skip("Observation", label, "The code is not one this clinic reads.")
        return None
    if when is None:
        notes.skip("Observation", label, "It has no exact time with a zone.")
        return None
    quantity = mapping(part.get("valueQuantity"))
    value, why = _number(quantity, code.code)
    if value is None:
        notes.skip("Observation", label, why)
        return None
    unit = text(quantity.get("code"))
    return ResultRead(text(resource.get("id")), code, label, value, unit, when)


def _number(quantity: dict[str, Any], code: str) -> tuple[Decimal | None, str]:
    """The value when number, unit and range are right; else None and why."""
    units, lowest, highest = KNOWN[code]
    unit, system = text(quantity.get("code")), text(quantity.get("system"))
    if unit not in units or (unit and system != UCUM):
        return (
            None,
            f"The unit {text(quantity.get('unit')) or unit or 'is missing and'} is not one taken for it.",
        )
    if quantity.get("comparator"):
        return None, "It is a bound (less or more than), not a value."
    raw = quantity.get("value")
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None, "Its value is not a number."
    try:
        value = Decimal(str(raw))
        if not value.is_finite() or not lowest <= value <= highest:
            return None, f"The value {str(raw)[:20]} cannot be true of a person."
        return value.quantize(Decimal("0.0001")).normalize() + 0, ""
    except (InvalidOperation, ValueError, OverflowError):
        return None, "Its value is not a number."
