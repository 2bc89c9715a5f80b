"""Dosage: how a medicine is taken, in words. What is structured is put into words; nothing is left out."""

from __future__ import annotations

from typing import Any

from openkap.interop.fhir.reading import codes, items, mapping, text, words
from openkap.interop.fhir.values import number, quantity, range_in_words, ratio

_UNITS = {
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
}
_CODES = {
    "BID": "twice a day",
    "TID": "three times a day",
    "QID": "four times a day",
    "QD": "once a day",
    "QOD": "every second day",
    "AM": "in the morning",
    "PM": "in the afternoon",
    "BED": "at bedtime",
    "WK": "once a week",
    "MO": "once a month",
    "Q4H": "every 4 hours",
    "Q6H": "every 6 hours",
    "Q8H": "every 8 hours",
}
_TIMES = {1: "once", 2: "twice"}


def dose_in_words(dosages: Any) -> str:
    """Every dosage as one reads it: the sender's words, or the structured parts put into words."""
    return "; ".join(told for dosage in items(dosages) if (told := _one(dosage)))


def _one(dosage: dict[str, Any]) -> str:
    told = text(dosage.get("text")) or text(dosage.get("patientInstruction"))
    if told:
        return told
    parts = [*_amounts(dosage), _timing(mapping(dosage.get("timing"))), words(dosage.get("route"))]
    reason = words(dosage.get("asNeededCodeableConcept"))
    if reason or dosage.get("asNeededBoolean") is True:
        parts.append(f"as needed {reason}".strip())
    limit = ratio(mapping(dosage.get("maxDosePerPeriod")))
    if limit:
        parts.append(f"at most {limit}")
    return ", ".join(part for part in parts if part)


def _amounts(dosage: dict[str, Any]) -> list[str]:
    amounts = []
    for rate in items(dosage.get("doseAndRate")):
        low_high = mapping(rate.get("doseRange"))
        dose = quantity(mapping(rate.get("doseQuantity"))) or range_in_words(low_high)
        speed = quantity(mapping(rate.get("rateQuantity"))) or ratio(mapping(rate.get("rateRatio")))
        speed = speed or range_in_words(mapping(rate.get("rateRange")))
        amounts += [part for part in (dose, f"at {speed}" if speed else "") if part]
    return amounts


def _timing(timing: dict[str, Any]) -> str:
    repeat = mapping(timing.get("repeat"))
    code = mapping(timing.get("code"))
    known = (_CODES.get(one.code) for one in codes(code))
    told = next((words_of_code for words_of_code in known if words_of_code), "")
    often, period = number(repeat.get("frequency")), number(repeat.get("period"))
    unit = _UNITS.get(text(repeat.get("periodUnit")), "")
    if unit and period:
        times = _TIMES.get(int(often), f"{often} times") if often.isdigit() else "once"
        if period == "1":
            return f"{times} a {unit}" if unit != "hour" else f"{times} an hour"
        return f"{times} every {period} {unit}s" if times != "once" else f"every {period} {unit}s"
    return told or words(code)
