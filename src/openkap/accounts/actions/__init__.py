"""The writers of accounts: invitations, memberships, second factors, duties, signatures."""

from openkap.accounts.actions.inviting import (
    INVITATION_LIFE,
    accept_invitation,
    invite,
    join,
    join_by_invitation,
    needs_sign_in,
    withdraw_invitation,
)
from openkap.accounts.actions.members import (
    RESET_LIFE,
    drop_second_factor,
    end_membership,
    open_resets,
    vouch_for_lost_factor,
)
from openkap.accounts.actions.naming import end_duty, name_duty
from openkap.accounts.actions.signing import sign

__all__ = [
    "INVITATION_LIFE",
    "RESET_LIFE",
    "accept_invitation",
    "drop_second_factor",
    "end_duty",
    "end_membership",
    "invite",
    "join",
    "join_by_invitation",
    "name_duty",
    "needs_sign_in",
    "open_resets",
    "sign",
    "vouch_for_lost_factor",
    "withdraw_invitation",
]
