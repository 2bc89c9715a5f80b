"""Phrases that stand inside a sentence of dosing, and are translated by themselves."""

from openkap.kernel.wording import Phrase
from openkap.kernel.wording import sentence as _


class DosingPhrase(Phrase):
    """What a reason speaks of."""

    YES = _("Yes")
    NO = _("No")
    START = _("start")
    END = _("end")
    VIAL = _("vial")
    PUMP = _("pump")
    BLOOD_PRESSURE = _("blood pressure")
    HEART_RATE = _("heart rate")
    OXYGEN_SATURATION = _("oxygen saturation")
    SATURATION = _("saturation")
    BREATHING = _("breathing")
    ALERTNESS_ALONE = _("alertness")
    ALERTNESS = _("alertness (MOAA/S)")
    UNDER = _("under")
    OVER = _("over")
    LIMIT_CONFIRMED = ""
    LIMIT_NOT_CONFIRMED = _(" (A limit not confirmed by this clinic; it bars all the same.)")


class ReadingName(Phrase):
    """What is measured, as it begins a sentence or labels a field."""

    SYSTOLIC_PRESSURE = _("Systolic pressure")
    DIASTOLIC_PRESSURE = _("Diastolic pressure")
    MEAN_PRESSURE = _("Mean pressure")
    HEART_RATE = _("Heart rate")
    OXIMETER_PULSE = _("Pulse at the oximeter")
    CUFF_PULSE = _("Pulse at the cuff")
    PULSE = _("Pulse")
    OXYGEN_SATURATION = _("Oxygen saturation")
    BREATHING_RATE = _("Breathing rate")
    TEMPERATURE = _("Temperature")
    ALERTNESS = _("Alertness (MOAA/S)")


class ReadingWord(Phrase):
    """What is measured, inside a sentence."""

    SYSTOLIC_PRESSURE = _("systolic pressure")
    DIASTOLIC_PRESSURE = _("diastolic pressure")
    MEAN_PRESSURE = _("mean pressure")
    HEART_RATE = _("heart rate")
    OXIMETER_PULSE = _("pulse at the oximeter")
    CUFF_PULSE = _("pulse at the cuff")
    PULSE = _("pulse")
    OXYGEN_SATURATION = _("oxygen saturation")
    BREATHING_RATE = _("breathing rate")
    TEMPERATURE = _("temperature")
    ALERTNESS = _("alertness (MOAA/S)")
