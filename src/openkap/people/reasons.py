"""Every reason of people against an act, as a person reads it."""

from openkap.kernel.refusal import Reason
from openkap.kernel.wording import sentence as _


class PeopleReason(Reason):
    """Why people refuses."""

    NAME_MISSING = _("Give at least one name.")
    BORN_IN_FUTURE = _("The birth date lies in the future.")
    WHY_ONE_PERSON = _("Say in a few words how you know that they are one person.")
    OTHER_MERGE = _(
        "One of the two is part of another merge. Undo or withdraw that first, or keep the other."
    )
    DECIDED_ALREADY = _("This was decided already.")
    AGREED_BY_SAME = _("Somebody else must agree: you proposed it.")
    RECORDS_CHANGED = _(
        "The records have changed since this was proposed. Withdraw it, look again, and propose it anew."
    )
    MAY_BE_HERE = _("Someone here may be the same person. Look at the list and tick the box.")
    TOO_OLD = _("The birth date makes an age over {years}.")
    HELD = _("{text}")
    NOT_MERGED = _("These two records are not merged.")
    WHY_TWO_PEOPLE = _("Say in a few words how you know that they are two people.")
    TWO_RECORDS = _("Choose two records of this clinic.")
    OPEN_IN_BOTH = _("Both records have an open {what}. End one of them first.")
    SIGN_IN_TAKEN = _("This record already has a sign-in.")
    NOT_A_MEMBER = _("Choose one of the people who work here.")
    NOT_CLINICAL = _("Only clinical staff and coordinators join a care team.")
    LEFT_THE_CLINIC = _("{name} no longer works here.")
    NOT_IN_TEAM = _("They are not in this care team.")
    ESCORT_NAME = _("Give the escort's name.")
    ESCORT_PHONE = _("Give a phone number that reaches the escort.")
    ROOM_CLOSED = _("The room {room} is closed already.")
    ROOM_RUNNING = _("A session runs in {room}. Close the room when it is over.")
    ROOM_PLANNED = _(
        "Sessions are planned in {room}: {count}. Give them another room first; the schedule shows them."
    )
    ROOM_EXISTS = _("There is a room called {room} already.")
