"""Every statement of dosing that is kept in the record."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class DosingAlert(Statement):
    """What dosing asks somebody to answer."""

    THOUGHTS_OF_SUICIDE = _("{room}: thoughts of suicide were told before the dose.")
    AGAINST_ADVICE = _("{room}: went home against advice.")
