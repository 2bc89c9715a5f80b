"""Every reason of ui against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class UiReason(Reason):
    """Why a form is not taken, before any rule is asked."""

    OTHER_FORM = _("This page has no such form any more. Look at it once more, and send it again.")
    UNREADABLE = _("{text}")
