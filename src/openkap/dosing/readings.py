"""The readings of the dosing room: codes, names, limits, and how far each may be taken for true. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openkap.dosing.phrases import ReadingName, ReadingWord
from openkap.kernel.evidence import Status
from openkap.kernel.statement import Stated

SBP, DBP, MEAN = "8480-6", "8462-4", "8478-0"
HEART_RATE, OXIMETER_PULSE, CUFF_PULSE, PULSE = "8867-4", "8889-8", "149546", "149514"
SPO2, BREATHING, TEMPERATURE, MOAAS = "59408-5", "9279-1", "8310-5", "moaas"

NAMED = {
    SBP: ReadingName.SYSTOLIC_PRESSURE,
    DBP: ReadingName.DIASTOLIC_PRESSURE,
    MEAN: ReadingName.MEAN_PRESSURE,
    HEART_RATE: ReadingName.HEART_RATE,
    OXIMETER_PULSE: ReadingName.OXIMETER_PULSE,
    CUFF_PULSE: ReadingName.CUFF_PULSE,
    PULSE: ReadingName.PULSE,
    SPO2: ReadingName.OXYGEN_SATURATION,
    BREATHING: ReadingName.BREATHING_RATE,
    TEMPERATURE: ReadingName.TEMPERATURE,
    MOAAS: ReadingName.ALERTNESS,
}
NAMES = {code: str(name.value) for code, name in NAMED.items()}


def word_of(code: str) -> ReadingWord:
    """What a code measures, inside a sentence."""
    return ReadingWord[NAMED[code].name]


class Standing(StrEnum):
    """How far a received value may be taken for the person's own."""

    PLAUSIBLE = "plausible"
    UNCONFIRMED = "unconfirmed"
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
RATE_CODES = (HEART_RATE, OXIMETER_PULSE, PULSE, CUFF_PULSE)
NARROWEST_PULSE_PRESSURE = Decimal(10)
CALIBRATED_SPO2_FROM = Decimal(70)
RATES_AGREE_WITHIN = Decimal(20)
SLOWEST_BREATHING_WITHOUT_HEART_RATE = Decimal(4)


@dataclass(frozen=True, slots=True)
class LookLines:
    """The pack's lines under which a value asks to look at the person now; None where the pack has none."""

    pulse_under: Decimal | None = None
    spo2_under: Decimal | None = None
    slow_pulse_under: Decimal | None = None
    sbp_under: Decimal | None = None
    low_sbp_under: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One value as received and what it may mean. `reason` is missing only for a plausible value."""

    code: str
    value: Decimal
    standing: Standing
    reason: Stated | None = None

    @property
    def charted(self) -> bool:
        """Whether the value is shown as the person's own."""
        return self.standing is Standing.PLAUSIBLE
