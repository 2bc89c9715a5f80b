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
    PACKET = _("packet")
    PUMP = _("pump")
    BLOOD_PRESSURE = _("blood pressure")
    HEART_RATE = _("heart rate")
    OXYGEN_SATURATION = _("oxygen saturation")
    ALERTNESS = _("alertness (MOAA/S)")


class DoseStepPhrase(Phrase):
    """What happened to a dose, as its record lists it; the names are those of `DoseEventKind`."""

    START = _("started")
    GIVEN = _("given")
    PAUSE = _("paused")
    RESUME = _("went on")
    RATE = _("new rate")
    STOP = _("stopped")
    END = _("ended")
