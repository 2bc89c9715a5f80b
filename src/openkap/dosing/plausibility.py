"""What a measured value may mean: plausible, implausible, or absent, with the reason in words.

Judged are the readings of one moment together, because a zero means one thing with a beating heart beside
it and another without. A value is always kept as received. Only a plausible one is charted as true; no
value is ever dropped. Numbers and reasons: docs/algorithms/plausibility.md. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openkap.kernel.evidence import Status

SBP, DBP, MEAN = "8480-6", "8462-4", "8478-0"
HEART_RATE, OXIMETER_PULSE, CUFF_PULSE, PULSE = "8867-4", "8889-8", "149546", "149514"
SPO2, BREATHING, TEMPERATURE, MOAAS = "59408-5", "9279-1", "8310-5", "moaas"

NAMES = {
    SBP: "Systolic pressure",
    DBP: "Diastolic pressure",
    MEAN: "Mean pressure",
    HEART_RATE: "Heart rate",
    OXIMETER_PULSE: "Pulse at the oximeter",
    CUFF_PULSE: "Pulse at the cuff",
    PULSE: "Pulse",
    SPO2: "Oxygen saturation",
    BREATHING: "Breathing rate",
    TEMPERATURE: "Temperature",
    MOAAS: "Alertness (MOAA/S)",
}


class Standing(StrEnum):
    """How far a received value may be taken for the person's own."""

    PLAUSIBLE = "plausible"
    IMPLAUSIBLE = "implausible"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Limit:
    """The lowest and highest value taken for true. Beyond it the sensor is doubted, not the person."""

    lowest: Decimal
    highest: Decimal
    unit: str
    status: Status = Status.DESIGN_DEFAULT


def _limit(lowest: int, highest: int, unit: str) -> Limit:
    return Limit(Decimal(lowest), Decimal(highest), unit)


# Wide on purpose: a real emergency must stay inside. No published source; the clinic's director signs them.
LIMITS: dict[str, Limit] = {
    SBP: _limit(50, 260, "mm[Hg]"),
    DBP: _limit(20, 160, "mm[Hg]"),
    MEAN: _limit(30, 200, "mm[Hg]"),
    HEART_RATE: _limit(20, 250, "/min"),
    OXIMETER_PULSE: _limit(20, 250, "/min"),
    CUFF_PULSE: _limit(20, 250, "/min"),
    PULSE: _limit(20, 250, "/min"),
    SPO2: _limit(1, 100, "%"),
    BREATHING: _limit(0, 70, "/min"),
    TEMPERATURE: _limit(30, 43, "Cel"),
    MOAAS: _limit(0, 5, "{score}"),
}
NARROWEST_PULSE_PRESSURE = Decimal(10)
CALIBRATED_SPO2_FROM = Decimal(70)
RATES_AGREE_WITHIN = Decimal(20)
SLOWEST_BREATHING_WITHOUT_HEART_RATE = Decimal(4)

LOOK = "Look at the person."


@dataclass(frozen=True, slots=True)
class Judged:
    """One value as received and what it may mean. `reason` is empty only for a plausible value."""

    code: str
    value: Decimal
    standing: Standing
    reason: str = ""

    @property
    def charted(self) -> bool:
        """Whether the value is shown as the person's own."""
        return self.standing is Standing.PLAUSIBLE


def judge(values: Mapping[str, Decimal]) -> dict[str, Judged]:
    """Judge the readings of one moment, each by its code. Every value handed in comes back."""
    judged = {code: _by_limit(code, value) for code, value in values.items()}
    for part in (_heart, _oximeter, _breathing, _cuff):
        judged.update(part(values, judged))
    return judged


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
