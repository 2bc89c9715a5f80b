"""Observation: a measured value of the few codes we know, in the one unit we take for each.

Every other value is kept aside with its words, so that a person sees what was sent and decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from openkap.interop.fhir.labels import labels_of, worded
from openkap.interop.fhir.reading import Notes, codes, items, mapping, moment, text, words, words_in
from openkap.interop.fhir.values import FhirValue, interpretation_of, value_of
from openkap.kernel.code import Code
from openkap.kernel.systems import short_name
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _

FINAL = {"final", "amended", "corrected"}
_PERCENT, _PRESSURE = frozenset({"%"}), frozenset({"mm[Hg]"})
_BEATS, _BREATHS = frozenset({"/min", "{beats}/min"}), frozenset({"/min", "{breaths}/min"})
_SCORE = frozenset({"{score}", "1", ""})

# LOINC code → (UCUM units taken as they stand, lowest, highest value a person can have).
KNOWN: dict[str, tuple[frozenset[str], Decimal, Decimal]] = {
    "29463-7": (frozenset({"kg"}), Decimal(2), Decimal(500)),
    "8302-2": (frozenset({"cm"}), Decimal(30), Decimal(260)),
    "39156-5": (frozenset({"kg/m2"}), Decimal(8), Decimal(120)),
    "8480-6": (_PRESSURE, Decimal(40), Decimal(300)),
    "8462-4": (_PRESSURE, Decimal(20), Decimal(200)),
    "8867-4": (_BEATS, Decimal(15), Decimal(300)),
    "59408-5": (_PERCENT, Decimal(30), Decimal(100)),
    "2708-6": (_PERCENT, Decimal(30), Decimal(100)),
    "9279-1": (_BREATHS, Decimal(2), Decimal(80)),
    "8310-5": (frozenset({"Cel"}), Decimal(25), Decimal(45)),
    "44261-6": (_SCORE, Decimal(0), Decimal(27)),
    "70274-6": (_SCORE, Decimal(0), Decimal(21)),
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
    labels: tuple[Code, ...] = ()


def read_observation(resource: dict[str, Any], notes: Notes) -> list[ResultRead]:
    """The values of an observation and of its components; what is not one of ours is kept aside."""
    name = words(resource.get("code"))
    when, against = _measured_at(resource)
    results = []
    for part in (resource, *items(resource.get("component"))):
        label, value = words(part.get("code")) or name, value_of(part)
        if value is None:
            if part is not resource or not _holds_more(resource):
                notes.skip(resource, label, why=against or _("It holds no value."))
            continue
        result = against or _result(part, label, value=value, when=when, resource=resource)
        if isinstance(result, ResultRead):
            results.append(result)
        else:
            told = text(
                resource.get("effectiveDateTime") or mapping(resource.get("effectivePeriod")).get("start")
            )
            notes.keep(label, _shown(part, value), unit=value.unit, why=result, when=told)
    return results


def _holds_more(resource: dict[str, Any]) -> bool:
    """Whether a panel without a value of its own has its values elsewhere."""
    return bool(resource.get("component") or resource.get("hasMember"))


def _shown(part: dict[str, Any], value: FhirValue) -> str:
    said = interpretation_of(part)
    return f"{value.text} ({said})" if said else value.text


def _measured_at(resource: dict[str, Any]) -> tuple[datetime | None, str]:
    """When it was measured, and why nothing of the observation may be charted; empty when it may."""
    status = text(resource.get("status"))
    if status not in FINAL:
        return None, render(_("Its status is {status}, not final."), {"status": status or "missing"})
    when = _beginning(resource)
    if when is None:
        return None, ""
    issued = moment(resource.get("issued"))
    if issued is not None and issued < when:
        return None, _("It was issued before it says it was measured: it is older than it claims.")
    return when, ""


def _beginning(resource: dict[str, Any]) -> datetime | None:
    """The earliest moment the value may be of: no value is made younger than it is."""
    period, timing = mapping(resource.get("effectivePeriod")), mapping(resource.get("effectiveTiming"))
    events = words_in(timing.get("event"))
    told = [resource.get("effectiveDateTime"), resource.get("effectiveInstant"), period.get("start"), *events]
    moments = [when for one in told if (when := moment(one)) is not None]
    return min(moments) if moments else None


def _result(
    part: dict[str, Any], label: str, *, value: FhirValue, when: datetime | None, resource: dict[str, Any]
) -> ResultRead | str:
    """The value as a result, or why it is not charted."""
    code = next((one for one in codes(part.get("code")) if one.system == "loinc" and one.code in KNOWN), None)
    if code is None:
        return _("The code is not one this clinic charts.")
    if when is None:
        return _("It has no exact time with a zone.")
    if value.element == "valueQuantity":
        number, why = _number(mapping(part["valueQuantity"]), code.code)
    elif value.element in ("valueInteger", "valueDecimal") and "" in KNOWN[code.code][0]:
        number, why = _number({"value": part[value.element]}, code.code)
    else:
        return _("The value came in a form that is not charted.")
    if number is None:
        return why
    unit = text(mapping(part.get("valueQuantity")).get("code"))
    return ResultRead(text(resource.get("id")), code, label, number, unit, when, worded(labels_of(resource)))


def _number(quantity: dict[str, Any], code: str) -> tuple[Decimal | None, str]:
    """The value when number, unit and range are right; else None and why."""
    units, lowest, highest = KNOWN[code]
    unit, system = text(quantity.get("code")), short_name(text(quantity.get("system")))
    if unit not in units or (unit and system != "ucum"):
        shown = text(quantity.get("unit")) or unit or "is missing and"
        return None, render(_("The unit {shown} is not one taken for it."), {"shown": shown})
    if quantity.get("comparator"):
        return None, _("It is a bound (less or more than), not a value.")
    raw = quantity.get("value")
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None, _("Its value is not a number.")
    try:
        value = Decimal(str(raw))
        if not value.is_finite() or not lowest <= value <= highest:
            return None, render(_("The value {value} cannot be true of a person."), {"value": str(raw)[:20]})
        return value.quantize(Decimal("0.0001")).normalize() + 0, ""
    except (InvalidOperation, ValueError, OverflowError):
        return None, _("Its value is not a number.")
