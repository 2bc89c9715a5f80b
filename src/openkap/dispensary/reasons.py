"""Every reason of dispensary against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class DispensaryReason(Reason):
    """Why dispensary refuses."""

    NAME_MISSING = _("Give the product's name as it stands on the vial.")
    STRENGTH_NOT_POSITIVE = _("The strength must be above zero.")
    VOLUME_NOT_POSITIVE = _("The vial's volume must be above zero.")
    STRENGTH_UNUSUAL = _(
        "{strength} is not a usual strength ({usual} mg/mL). Confirm that it stands so on the vial."
    )
    ONE_STRENGTH = _("{product} is in the formulary already. Withdraw that strength first.")
    ALREADY_WITHDRAWN = _("This product has already been withdrawn.")
