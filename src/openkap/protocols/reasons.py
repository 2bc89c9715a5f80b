"""Every reason of protocols against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class ProtocolsReason(Reason):
    """Why protocols refuses."""

    NO_DIRECTOR = _("No medical director is named. An administrator names one under Duties.")
    NOT_THE_DIRECTOR = _("Only the medical director, {director}, signs rows.")
    NO_ROWS = _("Choose at least one row to sign.")
    NOT_THE_CLINICS = _("The pack does not leave this number to the clinic.")
    OUTSIDE_RANGE = _("{value} is outside the {low} to {high} min of row {row}.")
    NOTHING_CHANGED = _("That is the number as it is now.")
    WHY_MISSING = _("Say why it should change.")
    SIGNED_ALREADY = _("This number has been signed already.")
    OWN_PROPOSAL = _("Who proposed a number does not sign it.")
    ROW_UNKNOWN = _("The pack has no row “{row_id}”.")
    ROW_VERIFIED = _("{row_id} is verified and needs no signature.")
    ROW_SIGNED = _("{row_id} has been signed already.")
    PACK_UNREADABLE = _("{text}")
    NO_SUCH_PROPOSAL = _("There is no such proposal here.")
