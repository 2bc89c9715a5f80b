"""What a measured value may mean: plausible, implausible, or absent, with the reason in words.

Judged are the readings of one moment together, because a zero means one thing with a beating heart beside
it and another without. A value is always kept as received. Only a plausible one is charted as true; no
value is ever dropped. Numbers and reasons: docs/algorithms/plausibility.md. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from openkap.dosing import grave
from openkap.dosing.readings import (
    BREATHING,
    CALIBRATED_SPO2_FROM,
    CUFF_PULSE,
    DBP,
    HEART_RATE,
    LIMITS,
    MEAN,
    MOAAS,
    NAMES,
    NARROWEST_PULSE_PRESSURE,
    OXIMETER_PULSE,
    PULSE,
    RATE_CODES,
    RATES_AGREE_WITHIN,
    SBP,
    SLOWEST_BREATHING_WITHOUT_HEART_RATE,
    SPO2,
    TEMPERATURE,
    Judged,
    Limit,
    LookLines,
    Standing,
)

__all__ = [
    "BREATHING",
    "CALIBRATED_SPO2_FROM",
    "CUFF_PULSE",
    "DBP",
    "HEART_RATE",
    "LIMITS",
    "MEAN",
    "MOAAS",
    "NAMES",
    "NARROWEST_PULSE_PRESSURE",
    "OXIMETER_PULSE",
    "PULSE",
    "RATES_AGREE_WITHIN",
    "RATE_CODES",
    "SBP",
    "SLOWEST_BREATHING_WITHOUT_HEART_RATE",
    "SPO2",
    "TEMPERATURE",
    "Judged",
    "Limit",
    "LookLines",
    "Standing",
    "doubt",
    "judge",
]

LOOK = "Look at the person."


def judge(
    values: Mapping[str, Decimal],
    *,
    lines: LookLines | None = None,
    others: Mapping[str, Decimal] | None = None,
) -> dict[str, Judged]:
    """Judge the readings of one moment, each by its code. Every value handed in comes back.

    `others` are the values a monitor gave a few seconds ago for codes that are not in this moment: what the
    other sensor counts tells a lead that is off from a heart that stands still. What a loose probe or a dying
    person could give is not confirmed: it is believed until a person has looked (H11).
    """
    judged = {code: _by_limit(code, value) for code, value in values.items()}
    for part in (_heart, _oximeter, _breathing, _cuff):
        judged.update(part(values, judged))
    return grave.believe(judged, lines=lines or LookLines(), others=others or {})


def _by_limit(code: str, value: Decimal) -> Judged:
    limit = LIMITS.get(code)
    if limit is None:
        return Judged(code, value, Standing.IMPLAUSIBLE, "No limits are known for this reading.")
    if limit.lowest <= value <= limit.highest:
        return Judged(code, value, Standing.PLAUSIBLE)
    side = "under" if value < limit.lowest else "over"
    bound = limit.lowest if value < limit.lowest else limit.highest
    reason = f"{NAMES[code]} {value:f} is {side} {bound:f}, where a sensor error is likelier. {LOOK}"
    return Judged(code, value, Standing.IMPLAUSIBLE, reason)


def _absent(code: str, value: Decimal, reason: str) -> dict[str, Judged]:
    return {code: Judged(code, value, Standing.ABSENT, reason)}


def _implausible(code: str, value: Decimal, reason: str) -> dict[str, Judged]:
    return {code: Judged(code, value, Standing.IMPLAUSIBLE, reason)}


def _heart(values: Mapping[str, Decimal], judged: Mapping[str, Judged]) -> dict[str, Judged]:
    """A heart rate of zero beside a pulse is a lead that is off; without a pulse nothing is measured."""
    if values.get(HEART_RATE) != 0:
        return {}
    pulse = values.get(OXIMETER_PULSE, Decimal(0))
    if pulse > 0:
        return _absent(
            HEART_RATE, Decimal(0), f"The ECG lead is off: the oximeter counts a pulse of {pulse:f}."
        )
    return _absent(HEART_RATE, Decimal(0), f"Neither lead nor oximeter finds a beat. {LOOK}")


def _oximeter(values: Mapping[str, Decimal], judged: Mapping[str, Judged]) -> dict[str, Judged]:
    """Zeros from the probe are absent; a pulse without a saturation needs the heart rate to confirm it."""
    found: dict[str, Judged] = {}
    saturation, pulse = values.get(SPO2), values.get(OXIMETER_PULSE)
    if saturation == 0:
        found |= _absent(SPO2, saturation, f"The probe is off or finds no saturation. {LOOK}")
    if pulse is None:
        return found
    if pulse == 0:
        return found | _absent(OXIMETER_PULSE, pulse, f"The probe is off or finds no pulse. {LOOK}")
    if judged[OXIMETER_PULSE].charted and saturation == 0 and not _confirmed(pulse, values.get(HEART_RATE)):
        reason = f"The probe finds no saturation and no heart rate confirms its pulse. {LOOK}"
        found |= _implausible(OXIMETER_PULSE, pulse, reason)
    if saturation is not None and saturation > 0 and not judged[OXIMETER_PULSE].charted:
        reason = f"The probe counts a pulse of {pulse:f}, so its saturation cannot be trusted. {LOOK}"
        found |= _implausible(SPO2, saturation, reason)
    return found


def _confirmed(pulse: Decimal, heart_rate: Decimal | None) -> bool:
    return bool(heart_rate) and abs(pulse - (heart_rate or Decimal(0))) <= RATES_AGREE_WITHIN


def _breathing(values: Mapping[str, Decimal], judged: Mapping[str, Judged]) -> dict[str, Judged]:
    """The ECG electrodes sense breathing too: no beat, no breath is a lead off; a beat, no breath is not."""
    rate = values.get(BREATHING)
    if rate is None or values.get(HEART_RATE) != 0:
        return {}
    if rate == 0:
        return _absent(BREATHING, rate, f"The electrodes that sense breathing are off. {LOOK}")
    if rate < SLOWEST_BREATHING_WITHOUT_HEART_RATE:
        reason = f"{rate:f} breaths from electrodes that find no heart rate. {LOOK}"
        return _implausible(BREATHING, rate, reason)
    return {}


def _cuff(values: Mapping[str, Decimal], judged: Mapping[str, Judged]) -> dict[str, Judged]:
    """One inflation gives one reading: when its parts disagree or one is impossible, none is charted."""
    parts = [code for code in (SBP, DBP, MEAN) if code in values]
    if not parts:
        return {}
    reason = _cuff_reason(values, judged)
    if not reason:
        return {}
    return {code: Judged(code, values[code], Standing.IMPLAUSIBLE, reason) for code in parts}


def _cuff_reason(values: Mapping[str, Decimal], judged: Mapping[str, Judged]) -> str:
    systolic, diastolic, mean = values.get(SBP), values.get(DBP), values.get(MEAN)
    if systolic is None and diastolic is None:
        return "A mean came without its pressures: the cuff did not finish. Repeat the cuff."
    for code in (SBP, DBP, MEAN):
        if code in judged and not judged[code].charted:
            return f"{judged[code].reason} Repeat the cuff."
    if systolic is None or diastolic is None:
        return ""
    reading = f"{systolic:f}/{diastolic:f}"
    if systolic - diastolic < NARROWEST_PULSE_PRESSURE:
        return f"Cuff reading {reading}: the pressures are too close or the wrong way round. Repeat the cuff."
    if mean is not None and not diastolic < mean < systolic:
        return f"Cuff reading {reading} with a mean of {mean:f}: the mean lies outside. Repeat the cuff."
    return ""


def doubt(judged: Mapping[str, Judged]) -> str:
    """A plain remark on plausible values that need a second look. Empty when there is none."""
    remarks = []
    saturation = judged.get(SPO2)
    if saturation and saturation.charted and saturation.value < CALIBRATED_SPO2_FROM:
        remarks.append(f"Under {CALIBRATED_SPO2_FROM:f} % an oximeter is not calibrated. {LOOK}")
    heart, pulse = judged.get(HEART_RATE), judged.get(OXIMETER_PULSE)
    both = heart and pulse and heart.charted and pulse.charted
    if both and heart and pulse and abs(heart.value - pulse.value) > RATES_AGREE_WITHIN:
        remarks.append("Heart rate and oximeter pulse disagree: check the probe.")
    return " ".join(remarks)
