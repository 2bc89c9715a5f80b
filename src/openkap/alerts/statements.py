"""What alerts asks somebody to answer on its own account."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class AlertStatement(Statement):
    """What an alert of this app says."""

    TWO_RECORDS = _("Two records may be one person. Read where they differ, then agree or say no.")
    NO_MAIL_SYSTEM = _(
        "No mail system is set up: no message can reach the person on call, and no link a patient."
    )
    NOBODY_ON_CALL = _(
        "Nobody is on call. Urgent alerts go by e-mail to the care team alone. Set up the cover."
    )
