"""What the desk asks an administrator to look at."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class DeskStatement(Statement):
    """What an alert of this app says."""

    ONE_OPENING = _(
        "1 opening of a record in the week of {monday} to be looked at; it stands under “Readings”."
    )
    OPENINGS = _(
        "{count} openings of records in the week of {monday} to be looked at; they stand under “Readings”."
    )
