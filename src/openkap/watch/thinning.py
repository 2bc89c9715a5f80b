"""What of many values is held against the limits: each cuff and rating, and the last of each minute. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from openkap.watch.codes import BREATHING, CUFF_PULSE, HEART_RATE, OXIMETER_PULSE, PULSE, SPO2
from openkap.watch.marks import WORDS, MarkValue

EACH_SECOND = (HEART_RATE, SPO2, BREATHING)
OTHER_PULSES = (OXIMETER_PULSE, PULSE, CUFF_PULSE)
BY_THE_MINUTE = (*EACH_SECOND, *OTHER_PULSES)
ONE_BY_ONE = tuple(code for code in WORDS if code not in EACH_SECOND)


def minute_of(moment: datetime) -> datetime:
    """The minute a moment lies in."""
    return moment.replace(second=0, microsecond=0)


def thinned(values: Iterable[MarkValue]) -> list[MarkValue]:
    """Every cuff and every rating; of what a monitor counts each second, the last of each minute.

    Whichever sensor counts it, a pulse is a pulse: where the ECG gives none in a minute, the oximeter's does.
    What is thinned already stays as it is.
    """
    each: list[MarkValue] = []
    last: dict[tuple[str, datetime], MarkValue] = {}
    for value in values:
        if value.code in ONE_BY_ONE:
            each.append(value)
        elif value.code in BY_THE_MINUTE:
            key = (value.code, minute_of(value.at))
            known = last.get(key)
            if known is None or (value.at, value.id) > (known.at, known.id):
                last[key] = value
    return each + [_as_pulse(value, last) for value in last.values() if _counts(value, last)]


def _counts(value: MarkValue, last: dict[tuple[str, datetime], MarkValue]) -> bool:
    """Whether it is a value of its own: another sensor's pulse is not where the ECG counted one."""
    return value.code not in OTHER_PULSES or (HEART_RATE, minute_of(value.at)) not in last


def _as_pulse(value: MarkValue, last: dict[tuple[str, datetime], MarkValue]) -> MarkValue:
    if value.code not in OTHER_PULSES:
        return value
    return MarkValue(HEART_RATE, value.value, value.at, value.id)
