"""The decisions of the dosing room, pure: one module for each moment they are made at."""

from openkap.dosing.rules.predose import (
    BEFORE_DOSE_WITHIN,
    Before,
    DayQuestion,
    Decision,
    PressureLines,
    Weighed,
    needs_decision,
    objections_to_today,
    objections_to_vitals,
    objections_to_weight,
)
from openkap.dosing.rules.time_out import (
    Consent,
    Identity,
    Order,
    SecondCheck,
    TimeOut,
    objections_to_identity,
    objections_to_second_check,
    objections_to_start,
)

__all__ = [
    "BEFORE_DOSE_WITHIN",
    "Before",
    "Consent",
    "DayQuestion",
    "Decision",
    "Identity",
    "Order",
    "PressureLines",
    "SecondCheck",
    "TimeOut",
    "Weighed",
    "needs_decision",
    "objections_to_identity",
    "objections_to_second_check",
    "objections_to_start",
    "objections_to_today",
    "objections_to_vitals",
    "objections_to_weight",
]
