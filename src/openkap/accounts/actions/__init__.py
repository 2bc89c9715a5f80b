"""The writers of accounts: invitations, memberships, second factors, duties, signatures."""

from openkap.accounts.actions.inviting import (
    INVITATION_LIFE,
    accept_invitation,
    invite,
    join,
    withdraw_invitation,
)
from openkap.accounts.actions.members import end_membership, reset_second_factor
from openkap.accounts.actions.naming import end_duty, name_duty
from openkap.accounts.actions.signing import sign

__all__ = [
    "INVITATION_LIFE",
    "accept_invitation",
    "end_duty",
    "end_membership",
    "invite",
    "join",
    "name_duty",
    "reset_second_factor",
    "sign",
    "withdraw_invitation",
]
