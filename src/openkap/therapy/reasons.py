"""Every reason of therapy against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class TherapyReason(Reason):
    """Why therapy refuses."""

    NOTE_TOO_SHORT = _("Write what the team needs to know, in a sentence or two.")
    LENGTH_UNLIKELY = _("The length must lie between 5 and 480 minutes.")
    VISIT_IN_FUTURE = _("The visit lies in the future; write it down once it was held.")
    NO_VISIT_YET = _("No preparation visit has been written down yet.")
    NO_GOAL_YET = _("No goal has been named yet.")
    CONCERNS_NOT_ASKED = _("Hopes and concerns have not been asked about yet.")
    CHOICES_NOT_MADE = _("The choices about touch, music, recording and stopping are not made yet.")
    WORDS_MISSING = _("Write down a hope or a concern, in the person's own words.")
    ADDENDUM_EMPTY = _("Write what is to be added.")
    GOAL_EMPTY = _("Write the goal in the person's own words.")
    GOAL_CLOSED = _("This goal is closed already.")
    PRACTICE_EMPTY = _("Say what the practice is.")
    HOW_OFTEN_MISSING = _("Say how often.")
