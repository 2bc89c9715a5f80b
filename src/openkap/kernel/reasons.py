"""Every reason of kernel against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class KernelReason(Reason):
    """Why kernel refuses."""

    TIME_IN_FUTURE = _("The time lies in the future. Set the clock of this device right.")
    TIME_TOO_EARLY = _("This was measured before it could have been.")
