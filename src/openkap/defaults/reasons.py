"""Reasons of defaults: why one of the clinic's numbers is neither proposed nor signed."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class DefaultsReason(Reason):
    """Why an act on the clinic's numbers is refused."""

    NO_DIRECTOR = _("No medical director is named. An administrator names one under Duties.")
    NOT_THE_DIRECTOR = _("Only the medical director, {director}, signs.")
    NO_SUCH_NUMBER = _("There is no such number.")
    OUT_OF_RANGE = _("{value} lies outside the range that ships, {low} to {high}.")
    NOTHING_CHANGED = _("That is the number as it is now.")
    WHY_MISSING = _("Say why it should change.")
    NOTHING_CHOSEN = _("Choose at least one number.")
    NUMBER_SIGNED = _("{number} has been signed already.")
    NO_SUCH_PROPOSAL = _("There is no such proposal.")
    SIGNED_ALREADY = _("This number has been signed already.")
    OWN_PROPOSAL = _("Who proposed a number does not sign it.")
