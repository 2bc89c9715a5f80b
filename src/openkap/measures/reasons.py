"""Every reason of measures against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class MeasuresReason(Reason):
    """Why measures refuses."""

    HANDED_IN = _("These answers have been handed in. Thank you.")
    WITHDRAWN = _("The clinic no longer needs these answers.")
    UNKNOWN_MEASURE = _("There is no such measure here.")
    NO_WORDING = _("The wording of the {name} does not ship here. Type its score in instead.")
    NO_EMAIL = _("No address is on record to send it to. Copy the link instead.")
    NOT_A_CHOICE = _("Please choose one of the answers.")
    NOTHING_ANSWERED = _("No question has been answered yet.")
    WHY_MISSING = _("Say why it is no longer needed.")
    ANSWERS_IMPOSSIBLE = _("The {name} cannot have these answers: {wrong}.")
    TOTAL_IMPOSSIBLE = _("The total of the {name} is a whole number from 0 to {highest_total}.")
    TOTAL_DOES_NOT_FIT = _("The total does not fit the answers that were typed in.")
    CRITICAL_MISSING = _("Type in the answer to question {item} too: it is looked at by itself.")
    NO_SUCH_ASSIGNMENT = _("There is no such measure here to answer.")
