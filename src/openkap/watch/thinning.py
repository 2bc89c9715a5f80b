"""What of many values is held against the limits: each cuff and rating, and the last of each minute. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from openkap.watch.codes import BREATHING, CUFF_PULSE, HEART_RATE, OXIMETER_PULSE, PULSE, SPO2
from openkap.watch.marks import WORDS, MarkThreshold, MarkValue, beyond

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


def may_be_crossed(
    latest: Iterable[MarkValue], *, baseline: Mapping[str, Decimal], thresholds: Sequence[MarkThreshold]
) -> bool:
    """Whether any limit can be crossed: each run of values over a limit ends with the value measured last.

    So it is enough to know the last of each reading; values of the same moment all count as the last.
    """
    last: dict[str, list[MarkValue]] = {}
    for value in latest:
        known = last.setdefault(value.code, [value])
        if value.at > known[0].at:
            last[value.code] = [value]
        elif value.at == known[0].at:
            known.append(value)
    return any(
        beyond(limit, value.value, baseline=baseline.get(limit.code))
        for limit in thresholds
        for value in last.get(limit.code, ())
    )
