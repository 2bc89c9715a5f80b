"""Every reason of followup against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class FollowupReason(Reason):
    """Why followup refuses."""

    ANSWER_MISSING = _("Please answer: {text}")
    ALREADY_ANSWERED = _("This check-in has been answered. Thank you.")
