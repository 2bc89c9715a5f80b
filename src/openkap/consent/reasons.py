"""Every reason of consent against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class ConsentReason(Reason):
    """Why consent refuses."""

    IMPAIRED = _("A dose has been given and the person has not left yet. Nothing is signed until then.")
    CLINICIANS_HAND_OVER = _("A clinician of the care team hands the screen over and stays within call.")
    IDENTITY_NOT_CHECKED = _("Ask for the full name and the date of birth, and say that you have.")
    NO_SUCH_PART = _("The document has no such part.")
    NOT_ANSWERED_BY_PERSON = _("The person has not yet answered: {titles}.")
    ABILITY_MISSING = _(
        "Who lacks one of the four abilities cannot consent now. Sign that they could not decide."
    )
    NOTE_MISSING = _("Write down what stood in the way.")
    NOT_THE_NEWEST = _("This is version {version}. Version {newest} is the one to sign now.")
    NOT_TALKED_YET = _("A prescriber talks it through with you first, and signs that you could decide.")
    NAME_DIFFERS = _("Type the name as it stands here: {patient_name}.")
    ALREADY_SIGNED = _("This version has already been signed.")
    NO_SUCH_CHOICE = _("There is no such choice.")
    ONLY_LESS = _("{label}: during a session it can only become less. Now: {value}.")
    ONLY_THE_PERSON = _("{label}: only the person can allow more. Now: {value}.")
    WORDS_TOO_LONG = _("{label}: please keep it under 500 characters.")
    ANSWER_TOO_SHORT = _("Answer the question in your own words.")
    COULD_NOT_DECIDE = _(
        "The prescriber has signed that you could not decide when you talked. Talk again first."
    )
    THE_PERSON_ONLY = _(
        "The person answers this themself: in their own sign-in, or on a screen handed over to them."
    )
    PRESCRIBER_SIGNS = _("A prescriber talks with the person and signs this.")
    NOT_GONE_THROUGH = _("Not yet gone through: {titles}.")
    CHOOSE_ONE = _("{label}: choose one of the options.")
    STAYS_AS_IT_WAS = _("{label} stays as it was before the dose.")
    OWN_WORDS = _("{label}: these are the person's own words.")
    ANSWER_TOO_LONG = _("Please keep it under {most} characters.")
    NEWER_VERSION = _("The document has a newer version. Read it again below.")
    NO_SUCH_VERSION = _("There is no such version of the document.")
    NO_SUCH_CONSENT = _("There is no such consent here.")
    ALREADY_WITHDRAWN = _("This consent has already been withdrawn.")
    NO_SUCH_RECORD = _("There is no such record here.")
