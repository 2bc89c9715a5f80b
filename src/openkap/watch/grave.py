"""Grave values are believed until a person has looked. Pure (H11, H08).

A probe that fell off and a person who is dying can send the same numbers. Whatever could be either is charted
as not confirmed: it acts on the limits like a true value, and a person says which it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from openkap.watch import codes as c
from openkap.watch import readings as p
from openkap.watch.statements import ReadingStatement

HIGH_IS_GRAVE = frozenset({c.SBP, c.DBP, c.MEAN, c.HEART_RATE})
CUFF = (c.SBP, c.DBP, c.MEAN)


def believe(
    judged: Mapping[str, p.Judged], *, sensors: p.Sensors, lines: p.LookLines, others: Mapping[str, Decimal]
) -> dict[str, p.Judged]:
    """The readings of a moment, with those that could be a dying person's called not confirmed."""
    grave = {
        *_slow(judged, sensors, lines=lines, others=others),
        *_signs_of_life_gone(judged, sensors, others=others),
        *_saturation(judged, sensors, lines=lines, others=others),
        *_pressure(judged, sensors, lines=lines),
        *(code for code in HIGH_IS_GRAVE & set(judged) if _is_too_high(judged[code], sensors)),
    }
    return {code: _unconfirmed(one) if code in grave else one for code, one in judged.items()}


def _unconfirmed(one: p.Judged) -> p.Judged:
    reason = ReadingStatement.NOT_CONFIRMED(what=p.NAMED.get(one.code, one.code), value=one.value)
    return replace(one, standing=p.ReadingStanding.UNCONFIRMED, reason=reason)


def _rates(
    judged: Mapping[str, p.Judged], sensors: p.Sensors, *, others: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Every rate of this moment above zero that a limit does not call too high, with the other sensor's."""
    here = {code: judged[code].value for code in p.RATE_CODES if code in judged}
    known = {code: value for code, value in others.items() if code in p.RATE_CODES and code not in here}
    return {
        code: value for code, value in (known | here).items() if 0 < value <= sensors.limits[code].highest
    }


def _slow(
    judged: Mapping[str, p.Judged], sensors: p.Sensors, *, lines: p.LookLines, others: Mapping[str, Decimal]
) -> set[str]:
    """A pulse under the pack's line, unless another sensor counts a faster one."""
    floor = max(lines.pulse_under or Decimal(0), sensors.limits[c.HEART_RATE].lowest)
    rates = _rates(judged, sensors, others=others)
    if any(value >= floor for value in rates.values()):
        return set()
    return {code for code in rates if code in judged}


def _signs_of_life_gone(
    judged: Mapping[str, p.Judged], sensors: p.Sensors, *, others: Mapping[str, Decimal]
) -> set[str]:
    """Zeros, or hardly a breath, while no sensor counts a beat."""
    zeros = {
        code
        for code in (*p.RATE_CODES, c.SPO2, c.BREATHING)
        if code in judged
        and judged[code].value >= 0
        and not judged[code].charted
        and _is_gone(judged[code], sensors)
    }
    return zeros if zeros and not _rates(judged, sensors, others=others) else set()


def _is_gone(one: p.Judged, sensors: p.Sensors) -> bool:
    return one.value == 0 or (one.code == c.BREATHING and one.value < sensors.breathing_without_beat)


def _saturation(
    judged: Mapping[str, p.Judged],
    sensors: p.Sensors,
    *,
    lines: p.LookLines,
    others: Mapping[str, Decimal],
) -> set[str]:
    """A low saturation that its probe's pulse makes doubtful, or that comes with a slow pulse."""
    saturation = judged.get(c.SPO2)
    if saturation is None or lines.spo2_under is None or not 0 < saturation.value < lines.spo2_under:
        return set()
    slow = lines.slow_pulse_under
    rates = _rates(judged, sensors, others=others).values()
    is_slow = slow is not None and any(value < slow for value in rates)
    return {c.SPO2} if is_slow or not saturation.charted else set()


def _pressure(judged: Mapping[str, p.Judged], sensors: p.Sensors, *, lines: p.LookLines) -> set[str]:
    """A cuff that is very low, or low and doubtful; a mean alone that is very low."""
    parts = {code for code in CUFF if code in judged}
    if not parts:
        return set()
    systolic, mean = judged.get(c.SBP), judged.get(c.MEAN)
    if systolic is None:
        low = mean is not None and lines.sbp_under is not None and 0 <= mean.value < lines.sbp_under
        return parts if low and c.DBP not in judged else set()
    line = lines.sbp_under
    if not systolic.charted and not _is_reversed(judged):
        floor = sensors.limits[c.SBP].lowest
        line = max(lines.low_sbp_under or floor, lines.sbp_under or floor, floor)
    return parts if line is not None and 0 <= systolic.value < line else set()


def _is_reversed(judged: Mapping[str, p.Judged]) -> bool:
    """Whether the pressures stand the wrong way round, as nobody's do."""
    return c.SBP in judged and c.DBP in judged and judged[c.DBP].value >= judged[c.SBP].value > 0


def _is_too_high(one: p.Judged, sensors: p.Sensors) -> bool:
    """Over what a sensor is trusted with, and still no impossible number."""
    return sensors.limits[one.code].highest < one.value <= sensors.possible[one.code]
