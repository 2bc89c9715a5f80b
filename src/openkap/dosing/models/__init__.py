"""The tables of giving a dose: what is settled before it, the dose itself, and the way home."""

from openkap.dosing.models.dose import Dose, DoseStep, SecondCheck
from openkap.dosing.models.session import Discharge, MedicinesReview, NoDrivePromise, PredoseDecision

__all__ = [
    "Discharge",
    "Dose",
    "DoseStep",
    "MedicinesReview",
    "NoDrivePromise",
    "PredoseDecision",
    "SecondCheck",
]
