"""Every reason of interop against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class InteropReason(Reason):
    """Why interop refuses."""

    OTHER_BIRTH_DATE = _(
        "The referral is about somebody born {born:born}; {name} was born {birth_date:born}. Correct the "
        "particulars first if one of them is wrong."
    )
    OTHER_BIRTH_PART = _(
        "The referral is about somebody born in {born}; {name} was born {birth_date:born}. Correct the "
        "particulars first if one of them is wrong."
    )
    OTHER_NAME = _("The referral is about {name}, and this record is {here}'s.")
    BUNDLE_WRONG = _("{path}: {text}")
    TAKEN_ALREADY = _("This referral has been taken into a chart already.")
    NO_SUCH_RECORD = _("Nobody here has the record number {mrn}.")
    BIRTH_DATE_INCOMPLETE = _(
        "The referral gives {born} as birth date, no whole day. Take the person in by hand, then take "
        "the referral into their chart."
    )
    BIRTH_DATE_MISSING = _(
        "The referral has no birth date. Take the person in by hand, then take the referral into their chart."
    )
    NAME_MISSING = _(
        "The referral names nobody. Take the person in by hand, then take the referral into their chart."
    )
    IN_A_SESSION = _("This message is in a session already.")
    SETTLED_ALREADY = _("Somebody has looked at this already.")
    NOTE_MISSING = _("Say what it was.")
    NO_SUCH_MESSAGE = _("There is no such message here.")
