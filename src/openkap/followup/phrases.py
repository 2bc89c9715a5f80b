"""Phrases that stand inside a sentence of follow-up, and are translated by themselves."""

from openkap.kernel.wording import Phrase
from openkap.kernel.wording import sentence as _


class CheckInTime(Phrase):
    """When a check-in is."""

    TWO_HOURS = _("a few hours after leaving")
    ONE_DAY = _("the day after")
    THREE_DAYS = _("a few days after")
    ONE_WEEK = _("about a week after")
