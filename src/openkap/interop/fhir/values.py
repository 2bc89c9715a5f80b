"""Value[x]: every type a FHIR value can have, as the sender gave it, for a person to read.

What is charted is decided elsewhere; here nothing is dropped, so that whatever is put aside stands on the
page with its value and unit (FHIR R4, Observation.value[x]).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openkap.interop.fhir.reading import items, mapping, text, words


@dataclass(frozen=True, slots=True)
class FhirValue:
    """A value as sent: the element it stood in, its words, and its unit where it has one."""

    element: str
    text: str
    unit: str = ""


def number(value: Any) -> str:
    """A number as it was sent; empty when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return ""
    try:
        return str(value)[:20]
    except ValueError:  # more digits than Python writes
        return ""


def quantity(value: dict[str, Any]) -> str:
    """A quantity as one reads it: comparator, number and unit as sent."""
    amount = number(value.get("value"))
    unit = text(value.get("unit")) or text(value.get("code"))
    return f"{text(value.get('comparator'))}{amount} {unit}".strip() if amount else ""


def range_in_words(value: dict[str, Any]) -> str:
    """A range as one reads it: low to high, or one end of it."""
    low, high = quantity(mapping(value.get("low"))), quantity(mapping(value.get("high")))
    if low and high:
        return f"{low} to {high}"
    return f"from {low}" if low else f"up to {high}" if high else ""


def ratio(value: dict[str, Any]) -> str:
    """A ratio as one reads it."""
    above, below = (quantity(mapping(value.get(part))) for part in ("numerator", "denominator"))
    return f"{above} / {below}" if above and below else above


def _quantity(value: Any) -> tuple[str, str]:
    told = mapping(value)
    amount = number(told.get("value")) or text(told.get("value"))
    return f"{text(told.get('comparator'))}{amount}", text(told.get("unit")) or text(told.get("code"))


def _period(value: Any) -> str:
    start, end = text(mapping(value).get("start")), text(mapping(value).get("end"))
    return f"{start or '…'} to {end or '…'}" if start or end else ""


def _samples(value: Any) -> str:
    count = len(str(mapping(value).get("data") or "").split())
    return f"a curve of {count} samples" if count else ""


_READERS: dict[str, Callable[[Any], str]] = {
    "valueCodeableConcept": words,
    "valueString": text,
    "valueBoolean": lambda value: {True: "yes", False: "no"}[value] if isinstance(value, bool) else "",
    "valueInteger": number,
    "valueDecimal": number,
    "valueRange": lambda value: range_in_words(mapping(value)),
    "valueRatio": lambda value: ratio(mapping(value)),
    "valueSampledData": _samples,
    "valueTime": text,
    "valueDateTime": text,
    "valuePeriod": _period,
    "valueCoding": lambda value: words({"coding": [value]}),
}


def value_of(part: dict[str, Any]) -> FhirValue | None:
    """The value of an observation or of one of its components; None when it has none."""
    if "valueQuantity" in part:
        amount, unit = _quantity(part["valueQuantity"])
        return FhirValue("valueQuantity", amount, unit)
    for element, read in _READERS.items():
        if element in part:
            return FhirValue(element, read(part[element]))
    absent = words(part.get("dataAbsentReason"))
    return FhirValue("dataAbsentReason", f"not measured: {absent}") if absent else None


def interpretation_of(part: dict[str, Any]) -> str:
    """What the sender makes of the value (high, positive, ...), in its words."""
    return ", ".join(told for one in items(part.get("interpretation")) if (told := words(one)))
