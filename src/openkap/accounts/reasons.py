"""Every reason of accounts against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class AccountsReason(Reason):
    """Why accounts refuses."""

    DUTY_UNKNOWN = _("There is no such duty.")
    NOT_ONESELF = _("Nobody names themself.")
    LEFT_THE_CLINIC = _("This person has left the clinic.")
    NOT_A_PRESCRIBER = _("The medical director is a prescriber.")
    NOT_TREATING = _("The independent check is made by somebody who treats people here.")
    HELD_ALREADY = _("This person has this duty already.")
    BY_ADMINISTRATOR = _("An administrator names the medical director.")
    BY_DIRECTOR = _("The medical director names who is competent for it.")
    ENDED_ALREADY = _("This duty has ended already.")
    WHY_MISSING = _("Say why it ends.")
    NOT_A_PLACE = _("You do not work there any more. Choose one of the places below.")
    NO_SUCH_DUTY = _("There is no such duty here.")
    NAME_DIFFERS = _("Type your name as it stands here: {name}.")
    PASSWORD_WRONG = _("That is not the password you sign in with.")
    CLINIC_NAME_MISSING = _("The clinic needs a name.")
    NOTHING_CHANGED = _("It is all as it was before.")
    LINK_SPENT = _("This link can no longer be used. Ask the clinic for a new one.")
    ONLY_MAILED = _(
        "You sign in without a password, so only the link in your mail will do, not one that was handed over."
    )
    SEVERAL_CLINICS = _(
        "You also have a place at another clinic, so a link that was handed over is not enough. Ask for"
        " a link by e-mail, or use one of your recovery codes."
    )
    MEMBERSHIP_ENDED_ALREADY = _("This membership has already ended.")
    NOT_OWN_MEMBERSHIP = _("You cannot end your own membership; ask another administrator.")
    WHY_ENDS_MISSING = _("Say why the access ends.")
    MEMBERSHIP_ENDED = _("This membership has ended.")
    HOW_KNOWN_MISSING = _("Say how you made sure who is asking.")
    NOT_FOR_ONESELF = _("You cannot vouch for yourself; ask another administrator.")
    ALREADY_HERE = _("{email} is already {role} here.")
    ACCEPTED_ALREADY = _("The invitation has been accepted; end the membership instead.")
    INVITATION_SPENT = _("This invitation can no longer be used. Ask the clinic for a new one.")
    BY_SIGN_IN = _("{text}")
    SIGNS_IN_ALREADY = _("You already sign in to OpenKAP with this address: sign in, then accept.")
    ANOTHER_PERSON = _("This invitation is for {invited}, and you are signed in as {email}.")
    NOTHING_TO_ACCEPT = _("You are {role} here already; there is nothing to accept.")
    OTHER_CONTENT = _(
        "This form was sent before with other content. What is typed now has not been kept: send it again."
    )
