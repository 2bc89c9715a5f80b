"""What screening asks somebody to answer."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class ScreeningStatement(Statement):
    """What an alert of this app says. The question stands in the pack's own words."""

    YES_TO = _("Screening: {question} Yes")
