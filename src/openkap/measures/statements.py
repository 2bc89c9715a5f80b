"""What an answer to a measure asks somebody to look at."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class MeasuresStatement(Statement):
    """What an alert of this app says."""

    ABOVE_ZERO = _("{measure}: question {items} about thoughts of death or self-harm is answered above zero.")
    LEFT_OPEN = _(
        "{measure} came in without an answer to question {items} about thoughts of death or self-harm. "
        "Ask in person."
    )
