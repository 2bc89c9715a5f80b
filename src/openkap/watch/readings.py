"""The readings of the dosing room: codes, names, limits, and how far each may be taken for true. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from openkap.kernel.statement import Stated
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
from openkap.watch.numbers import SensorNumbers
from openkap.watch.phrases import ReadingName, ReadingWord

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


class ReadingStanding(StrEnum):
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


UNIT_OF = {
    SBP: "mm[Hg]",
    DBP: "mm[Hg]",
    MEAN: "mm[Hg]",
    HEART_RATE: "/min",
    OXIMETER_PULSE: "/min",
    CUFF_PULSE: "/min",
    PULSE: "/min",
    SPO2: "%",
    BREATHING: "/min",
    TEMPERATURE: "Cel",
    MOAAS: "{score}",
}
HIGHEST_PERCENT, MOAAS_RANGE = 100, (0, 5)


@dataclass(frozen=True, slots=True)
class Sensors:
    """What sensors are trusted with in this clinic: a limit for each code, and over what a number is a slip.

    The limits are wide on purpose: a real emergency must stay inside.
    """

    limits: Mapping[str, Limit]
    possible: Mapping[str, Decimal]
    pulse_pressure_narrowest: Decimal
    spo2_calibrated: Decimal
    rates_agree_within: Decimal
    breathing_without_beat: Decimal


def sensors_by(numbers: SensorNumbers) -> Sensors:
    """What sensors are trusted with, by the clinic's numbers."""
    n = numbers
    rate = (n.rate_lowest_per_min, n.rate_highest_per_min)
    bounds = {
        SBP: (n.sbp_lowest_mmhg, n.sbp_highest_mmhg),
        DBP: (n.dbp_lowest_mmhg, n.dbp_highest_mmhg),
        MEAN: (n.mean_lowest_mmhg, n.mean_highest_mmhg),
        HEART_RATE: rate,
        OXIMETER_PULSE: rate,
        CUFF_PULSE: rate,
        PULSE: rate,
        SPO2: (n.spo2_lowest_percent, HIGHEST_PERCENT),
        BREATHING: (0, n.breathing_highest_per_min),
        TEMPERATURE: (n.temperature_lowest_celsius, n.temperature_highest_celsius),
        MOAAS: MOAAS_RANGE,
    }
    return Sensors(
        limits={code: Limit(Decimal(low), Decimal(high)) for code, (low, high) in bounds.items()},
        possible={
            SBP: Decimal(n.sbp_possible_mmhg),
            DBP: Decimal(n.dbp_possible_mmhg),
            MEAN: Decimal(n.mean_possible_mmhg),
            HEART_RATE: Decimal(n.heart_rate_possible_per_min),
        },
        pulse_pressure_narrowest=Decimal(n.pulse_pressure_narrowest_mmhg),
        spo2_calibrated=Decimal(n.spo2_calibrated_percent),
        rates_agree_within=Decimal(n.rates_agree_per_min),
        breathing_without_beat=Decimal(n.breathing_without_beat_per_min),
    )


RATE_CODES = (HEART_RATE, OXIMETER_PULSE, PULSE, CUFF_PULSE)


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
    standing: ReadingStanding
    reason: Stated | None = None

    @property
    def charted(self) -> bool:
        """Whether the value is shown as the person's own."""
        return self.standing is ReadingStanding.PLAUSIBLE


@dataclass(frozen=True, slots=True)
class Pressure:
    """One cuff reading charted as true."""

    sbp: Decimal
    dbp: Decimal
    at: datetime
