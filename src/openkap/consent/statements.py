"""What consent asks somebody to answer."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class ConsentStatement(Statement):
    """What an alert of this app says."""

    WITHDRAWN = _("Consent was withdrawn before the person was clear after a dose. Nothing more is given.")
