"""The tables of the dosing room: the session, the dose, what was measured, and the monitors."""

from openkap.dosing.models.dose import Dose, DoseStep, SecondCheck
from openkap.dosing.models.monitors import Monitor, Pairing, PutAside, PutAsideSeen
from openkap.dosing.models.session import (
    Departure,
    MedicinesReview,
    NoDrivePromise,
    PredoseDecision,
    Session,
)
from openkap.dosing.models.watch import (
    EnteredInError,
    Mark,
    MarkDecision,
    Remark,
    SideEffect,
    Vital,
    VitalSettled,
)

__all__ = [
    "Departure",
    "Dose",
    "DoseStep",
    "EnteredInError",
    "Mark",
    "MarkDecision",
    "MedicinesReview",
    "Monitor",
    "NoDrivePromise",
    "Pairing",
    "PredoseDecision",
    "PutAside",
    "PutAsideSeen",
    "Remark",
    "SecondCheck",
    "Session",
    "SideEffect",
    "Vital",
    "VitalSettled",
]
