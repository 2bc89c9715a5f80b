"""Phrases that stand inside a sentence of the watch, and are translated by themselves."""

from openkap.kernel.wording import Phrase
from openkap.kernel.wording import sentence as _


class WatchPhrase(Phrase):
    """What a reason speaks of."""

    BLOOD_PRESSURE = _("blood pressure")
    HEART_RATE = _("heart rate")
    SATURATION = _("saturation")
    BREATHING = _("breathing")
    ALERTNESS_ALONE = _("alertness")
    UNDER = _("under")
    OVER = _("over")


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
