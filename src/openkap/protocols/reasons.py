"""Every reason of protocols against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class ProtocolsReason(Reason):
    """Why protocols refuses."""

    NO_ROWS = _("Choose at least one row to sign.")
    NOT_THE_CLINICS = _("The pack does not leave this number to the clinic.")
    OUTSIDE_RANGE = _("{value} is outside the {low} to {high} min of row {row}.")
    NOTHING_CHANGED = _("That is the number as it is now.")
    WHY_MISSING = _("Say why it should change.")
    ROW_UNKNOWN = _("The pack has no row “{row_id}”.")
    ROW_VERIFIED = _("{row_id} is verified and needs no signature.")
    ROW_SIGNED = _("{row_id} has been signed already.")
    PACK_UNREADABLE = _("{text}")
    KEY_SHIPS = _("The key “{key}” is one of a protocol that ships. Give your own another key.")
    VERSION_TAKEN = _("Version {version} of “{key}” is here with other content. Give it the next version.")
    NO_SUCH_PROPOSAL = _("There is no such proposal here.")
