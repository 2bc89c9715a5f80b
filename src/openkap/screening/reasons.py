"""Every reason of screening against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class ScreeningReason(Reason):
    """Why screening refuses."""

    OUTCOME_MISSING = _("Choose what you decide.")
    WHY_MILDER = _("Your decision is milder than the findings. Say why.")
    WHY_STRICTER = _("Your decision is stricter than the findings. Say why.")
    NOBODY_MAY = _("{text} Nobody can decide against this.")
    NO_PROTOCOL = _("The clinic has not taken over a protocol yet.")
    NOT_ASKED = _("Not asked yet: {questions}")
    NOT_ASKED_MORE = _("Not asked yet: {questions} and {more} more.")
    PRESCRIBERS_ONLY = _("Only a prescriber decides whether a person may be treated.")
    NO_SUCH_PACK = _("The clinic has not taken this protocol over.")
    NO_SUCH_DECISION = _("There is no such decision here.")
    SECOND_NOT_NEEDED = _("This decision needs no second signature.")
    SECOND_SIGNED = _("A second prescriber has signed already.")
    SECOND_BY_SAME = _("The second signature must come from another prescriber.")
