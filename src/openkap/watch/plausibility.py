"""What a measured value may mean: plausible, implausible, or absent, with the reason in words.

Judged are the readings of one moment together, because a zero means one thing with a beating heart beside
it and another without. A value is always kept as received. Only a plausible one is charted as true; no
value is ever dropped. Numbers and reasons: docs/algorithms/plausibility.md. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from openkap.kernel.statement import Stated
from openkap.watch import grave
from openkap.watch.codes import (
    BREATHING,
    CUFF_PULSE,
    DBP,
    HEART_RATE,
    MEAN,
    MOAAS,
    OXIMETER_PULSE,
    PULSE,
    SBP,
    SPO2,
    TEMPERATURE,
)
from openkap.watch.phrases import WatchPhrase
from openkap.watch.readings import (
    NAMED,
    NAMES,
    RATE_CODES,
    UNIT_OF,
    Judged,
    Limit,
    LookLines,
    ReadingStanding,
    Sensors,
    sensors_by,
)
from openkap.watch.statements import ReadingStatement

__all__ = [
    "BREATHING",
    "CUFF_PULSE",
    "DBP",
    "HEART_RATE",
    "MEAN",
    "MOAAS",
    "NAMED",
    "NAMES",
    "OXIMETER_PULSE",
    "PULSE",
    "RATE_CODES",
    "SBP",
    "SPO2",
    "TEMPERATURE",
    "UNIT_OF",
    "Judged",
    "Limit",
    "LookLines",
    "ReadingStanding",
    "Sensors",
    "doubt",
    "judge",
    "sensors_by",
]


def judge(
    values: Mapping[str, Decimal],
    *,
    sensors: Sensors,
    lines: LookLines | None = None,
    others: Mapping[str, Decimal] | None = None,
) -> dict[str, Judged]:
    """Judge the readings of one moment, each by its code. Every value handed in comes back.

    `others` are the values a monitor gave a few seconds ago for codes that are not in this moment: what the
    other sensor counts tells a lead that is off from a heart that stands still. What a loose probe or a dying
    person could give is not confirmed: it is believed until a person has looked (H11).
    """
    judged = {code: _by_limit(code, value, sensors=sensors) for code, value in values.items()}
    for part in (_heart, _oximeter, _breathing, _cuff):
        judged.update(part(values, judged, sensors=sensors))
    return grave.believe(judged, sensors=sensors, lines=lines or LookLines(), others=others or {})


def _by_limit(code: str, value: Decimal, *, sensors: Sensors) -> Judged:
    limit = sensors.limits.get(code)
    if limit is None:
        return Judged(code, value, ReadingStanding.IMPLAUSIBLE, ReadingStatement.NO_LIMITS())
    if limit.lowest <= value <= limit.highest:
        return Judged(code, value, ReadingStanding.PLAUSIBLE)
    side = WatchPhrase.UNDER if value < limit.lowest else WatchPhrase.OVER
    bound = limit.lowest if value < limit.lowest else limit.highest
    reason = ReadingStatement.OUT_OF_LIMITS(what=NAMED[code], value=value, side=side, bound=bound)
    return Judged(code, value, ReadingStanding.IMPLAUSIBLE, reason)


def _absent(code: str, value: Decimal, *, reason: Stated) -> dict[str, Judged]:
    return {code: Judged(code, value, ReadingStanding.ABSENT, reason)}


def _implausible(code: str, value: Decimal, *, reason: Stated) -> dict[str, Judged]:
    return {code: Judged(code, value, ReadingStanding.IMPLAUSIBLE, reason)}


def _heart(
    values: Mapping[str, Decimal], judged: Mapping[str, Judged], *, sensors: Sensors
) -> dict[str, Judged]:
    """A heart rate of zero beside a pulse is a lead that is off; without a pulse nothing is measured."""
    if values.get(HEART_RATE) != 0:
        return {}
    pulse = values.get(OXIMETER_PULSE, Decimal(0))
    if pulse > 0:
        return _absent(HEART_RATE, Decimal(0), reason=ReadingStatement.LEAD_OFF(pulse=pulse))
    return _absent(HEART_RATE, Decimal(0), reason=ReadingStatement.NO_BEAT())


def _oximeter(
    values: Mapping[str, Decimal], judged: Mapping[str, Judged], *, sensors: Sensors
) -> dict[str, Judged]:
    """Zeros from the probe are absent; a pulse without a saturation needs the heart rate to confirm it."""
    judgements: dict[str, Judged] = {}
    saturation, pulse = values.get(SPO2), values.get(OXIMETER_PULSE)
    if saturation == 0:
        judgements |= _absent(SPO2, saturation, reason=ReadingStatement.NO_SATURATION())
    if pulse is None:
        return judgements
    if pulse == 0:
        return judgements | _absent(OXIMETER_PULSE, pulse, reason=ReadingStatement.NO_PULSE())
    if (
        judged[OXIMETER_PULSE].charted
        and saturation == 0
        and not _confirmed(pulse, values.get(HEART_RATE), sensors=sensors)
    ):
        reason = ReadingStatement.PULSE_ALONE()
        judgements |= _implausible(OXIMETER_PULSE, pulse, reason=reason)
    if saturation is not None and saturation > 0 and not judged[OXIMETER_PULSE].charted:
        reason = ReadingStatement.SATURATION_NOT_TRUSTED(pulse=pulse)
        judgements |= _implausible(SPO2, saturation, reason=reason)
    return judgements


def _confirmed(pulse: Decimal, heart_rate: Decimal | None, *, sensors: Sensors) -> bool:
    return bool(heart_rate) and abs(pulse - (heart_rate or Decimal(0))) <= sensors.rates_agree_within


def _breathing(
    values: Mapping[str, Decimal], judged: Mapping[str, Judged], *, sensors: Sensors
) -> dict[str, Judged]:
    """The ECG electrodes sense breathing too: no beat, no breath is a lead off; a beat, no breath is not."""
    rate = values.get(BREATHING)
    if rate is None or values.get(HEART_RATE) != 0:
        return {}
    if rate == 0:
        return _absent(BREATHING, rate, reason=ReadingStatement.ELECTRODES_OFF())
    if rate < sensors.breathing_without_beat:
        reason = ReadingStatement.BREATHS_WITHOUT_BEAT(breaths=rate)
        return _implausible(BREATHING, rate, reason=reason)
    return {}


def _cuff(
    values: Mapping[str, Decimal], judged: Mapping[str, Judged], *, sensors: Sensors
) -> dict[str, Judged]:
    """One inflation gives one reading: when its parts disagree or one is impossible, none is charted."""
    parts = [code for code in (SBP, DBP, MEAN) if code in values]
    if not parts:
        return {}
    reason = _cuff_reason(values, judged, sensors=sensors)
    if reason is None:
        return {}
    return {code: Judged(code, values[code], ReadingStanding.IMPLAUSIBLE, reason) for code in parts}


def _cuff_reason(
    values: Mapping[str, Decimal], judged: Mapping[str, Judged], *, sensors: Sensors
) -> Stated | None:
    systolic, diastolic, mean = values.get(SBP), values.get(DBP), values.get(MEAN)
    if systolic is None and diastolic is None:
        return ReadingStatement.MEAN_ALONE()
    for code in (SBP, DBP, MEAN):
        if code in judged and not judged[code].charted:
            return ReadingStatement.CUFF_PART(why=judged[code].reason)
    if systolic is None or diastolic is None:
        return None
    if systolic < diastolic:
        return ReadingStatement.CUFF_EXCHANGED(sbp=systolic, dbp=diastolic)
    if systolic - diastolic < sensors.pulse_pressure_narrowest:
        return ReadingStatement.CUFF_TOO_CLOSE(sbp=systolic, dbp=diastolic)
    if mean is not None and not diastolic < mean < systolic:
        return ReadingStatement.CUFF_MEAN_OUTSIDE(sbp=systolic, dbp=diastolic, mean=mean)
    return None


def doubt(judged: Mapping[str, Judged], *, sensors: Sensors) -> list[Stated]:
    """Plain remarks on plausible values that need a second look."""
    remarks = []
    saturation = judged.get(SPO2)
    if saturation and saturation.charted and saturation.value < sensors.spo2_calibrated:
        remarks.append(ReadingStatement.NOT_CALIBRATED(limit=sensors.spo2_calibrated))
    heart, pulse = judged.get(HEART_RATE), judged.get(OXIMETER_PULSE)
    both = heart and pulse and heart.charted and pulse.charted
    if both and heart and pulse and abs(heart.value - pulse.value) > sensors.rates_agree_within:
        remarks.append(ReadingStatement.RATES_DISAGREE())
    return remarks
