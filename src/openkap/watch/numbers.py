"""The clinic's numbers that a dosing session goes by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from openkap.defaults.numbers import Numbers
from openkap.watch.codes import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2
from openkap.watch.levels import Level


@dataclass(frozen=True, slots=True)
class WatchNumbers(Numbers):
    """How long values stay fresh, when a mark is measured again and passed on, from when a clock is off."""

    group: ClassVar[str] = "watch"
    before_dose_minutes: int
    fresh_at_discharge_minutes: int
    check_early_minutes: int
    check_grace_minutes: int
    recheck_look_minutes: int
    recheck_act_minutes: int
    recheck_stop_minutes: int
    escalate_seconds: int
    silent_seconds: int
    not_confirmed_minutes: int
    quiet_after_sensor_minutes: int
    other_sensor_seconds: int
    marks_look_back_minutes: int
    past_planned_end_minutes: int
    clock_noted_seconds: int
    clock_refused_minutes: int
    before_opening_hours: int
    serious_from_grade: int
    worse_by_sbp_mmhg: int
    worse_by_dbp_mmhg: int
    worse_by_heart_rate_per_min: int
    worse_by_spo2_percent: int
    worse_by_breathing_per_min: int
    worse_by_moaas: int

    @property
    def before_dose(self) -> timedelta:
        """How old a value from before the dose may be."""
        return timedelta(minutes=self.before_dose_minutes)

    @property
    def look_back(self) -> timedelta:
        """How far back values are held against the limits."""
        return timedelta(minutes=self.marks_look_back_minutes)

    def recheck_minutes(self, level: Level) -> int:
        """How soon after the answer to a mark of this level it is measured again."""
        return {
            Level.LOOK: self.recheck_look_minutes,
            Level.ACT: self.recheck_act_minutes,
            Level.STOP: self.recheck_stop_minutes,
        }[level]

    @property
    def worse_by(self) -> dict[str, Decimal]:
        """How much worse an answered value must get before it asks again, by its code."""
        return {
            SBP: Decimal(self.worse_by_sbp_mmhg),
            DBP: Decimal(self.worse_by_dbp_mmhg),
            HEART_RATE: Decimal(self.worse_by_heart_rate_per_min),
            SPO2: Decimal(self.worse_by_spo2_percent),
            BREATHING: Decimal(self.worse_by_breathing_per_min),
            MOAAS: Decimal(self.worse_by_moaas),
        }

    @property
    def silence(self) -> timedelta:
        """After how long a monitor, or one of its signals, counts as silent."""
        return timedelta(seconds=self.silent_seconds)


@dataclass(frozen=True, slots=True)
class SensorNumbers(Numbers):
    """What a sensor is trusted with. Outside it the sensor is doubted, not the person."""

    group: ClassVar[str] = "sensors"
    sbp_lowest_mmhg: int
    sbp_highest_mmhg: int
    dbp_lowest_mmhg: int
    dbp_highest_mmhg: int
    mean_lowest_mmhg: int
    mean_highest_mmhg: int
    rate_lowest_per_min: int
    rate_highest_per_min: int
    spo2_lowest_percent: int
    breathing_highest_per_min: int
    temperature_lowest_celsius: int
    temperature_highest_celsius: int
    pulse_pressure_narrowest_mmhg: int
    spo2_calibrated_percent: int
    rates_agree_per_min: int
    breathing_without_beat_per_min: int
    sbp_possible_mmhg: int
    dbp_possible_mmhg: int
    mean_possible_mmhg: int
    heart_rate_possible_per_min: int
