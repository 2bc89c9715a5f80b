"""Every reason of notices against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class NoticesReason(Reason):
    """Why notices refuses."""

    NOBODY_ANSWERS = _("Nobody works here who could answer for this notice.")
    NOT_FAILED = _("Only a notice that could not be sent is tried again.")
    GONE_OUT = _("This notice has gone out, or was withdrawn.")
    WHY_MISSING = _("Say why it is withdrawn.")
