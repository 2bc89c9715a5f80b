"""Every reason of alerts against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class AlertsReason(Reason):
    """Why alerts refuses."""

    ON_CALL_CLINICIANS_ONLY = _(
        "Only clinicians who work here can be on call: an alert goes to those who may open the record."
    )
    ON_CALL_NO_ADDRESS = _("A person on call needs an address a message can reach.")
    ON_CALL_TWICE = _("One person is on call twice.")
    EVERY_OUT_OF_RANGE = _("A message goes out again after {low} to {high} minutes.")
    EACH_OUT_OF_RANGE = _("Each person is sent {low} to {high} messages.")
    LINE_INCOMPLETE = _("A crisis line needs a name and a number of at least three digits.")
    HALF_A_DAY = _("Give both times, or neither when it is closed.")
    DAY_ENDS_FIRST = _("The day ends before it begins.")
    ALREADY_ANSWERED = _("This has already been answered.")
    WITH_SOMEBODY_ELSE = _("You cannot answer for this person: it is with somebody else.")
    ALREADY_ACKNOWLEDGED = _("This has already been acknowledged.")
    ALREADY_THEIRS = _("This is already with that person.")
    WHY_MISSING = _("Say in a few words why it is handed over.")
    NOT_ACKNOWLEDGED = _("Acknowledge it first.")
    OUTCOME_MISSING = _("Choose what came of it.")
    NOTE_MISSING = _("Write down what was done.")
    TAKE_OVER_FIRST = _("This is with somebody else. Take it over first.")
    NO_SUCH_ALERT = _("There is no such alert here.")
    NOBODY_ANSWERS = _("Nobody works here who could answer this.")
    CANNOT_ANSWER = _("That person cannot answer for this patient.")
