"""Every reason of desk against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class DeskReason(Reason):
    """Why desk refuses."""

    RECORD_GONE = _("That record is not here any more.")
    RECORDS_CHANGED = _("The records have changed meanwhile. Look once more.")
