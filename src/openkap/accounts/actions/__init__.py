"""The writers of accounts: invitations, memberships, second factors, duties, signatures."""

from openkap.accounts.actions.clinic import change_particulars
from openkap.accounts.actions.inviting import (
    INVITATION_LIFE,
    accept_invitation,
    invite,
    join,
    join_by_invitation,
    needs_sign_in,
    who_signs_in_as,
    withdraw_invitation,
)
from openkap.accounts.actions.members import (
    RESET_LIFE,
    drop_second_factor,
    end_membership,
    vouch_for_lost_factor,
)
from openkap.accounts.actions.naming import end_duty, name_duty
from openkap.accounts.actions.signing import sign

__all__ = [
    "INVITATION_LIFE",
    "RESET_LIFE",
    "accept_invitation",
    "change_particulars",
    "drop_second_factor",
    "end_duty",
    "end_membership",
    "invite",
    "join",
    "join_by_invitation",
    "name_duty",
    "needs_sign_in",
    "sign",
    "vouch_for_lost_factor",
    "who_signs_in_as",
    "withdraw_invitation",
]
