"""What follow-up asks somebody to answer, and what an answer to a check-in means."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class FollowupStatement(Statement):
    """What an alert of this app says."""

    NO_ADDRESS = _(
        "No e-mail is on record: no check-in link can be sent. Call at each check-in after the session."
    )
    NOT_SENT = _("The link of the check-in {when} could not be sent. Call.")
    NO_ANSWER = _("No answer to the check-in {when}")
    AND_ALSO = "{first}; {rest}"


class ConcernStatement(Statement):
    """What in the answers somebody of the clinic must answer."""

    SUICIDALITY = _("Thoughts of ending life or self-harm")
    BODY = _("Headache, chest pain, breathing or lasting vomiting")
    VERY_BAD = _("Feels very bad")
    ALONE = _("Not safely home, or nobody to reach")
    UNREAL = _("Still unreal, confused or cut off")
    BLADDER = _("Bladder symptoms: urinalysis and culture (pack rule M_LUTS)")
    NOT_WELL = _("Does not feel well")
