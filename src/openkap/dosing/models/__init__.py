"""The tables of giving a dose: what is settled before it, the dose itself, and the way home."""

from openkap.dosing.models.dose import Dose, DoseStep, SecondCheck
from openkap.dosing.models.session import Departure, MedicinesReview, NoDrivePromise, PredoseDecision

__all__ = [
    "Departure",
    "Dose",
    "DoseStep",
    "MedicinesReview",
    "NoDrivePromise",
    "PredoseDecision",
    "SecondCheck",
]
