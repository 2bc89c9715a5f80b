"""Whose address it is: proved by a link that was mailed to it, and by nothing else."""

from __future__ import annotations

import uuid

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from openkap.accounts.models import User


def is_proved(user: User) -> bool:
    """Whether somebody has opened a link that was mailed to this user's address."""
    known: bool = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
    return known


def keep_address(user: User) -> None:
    """Note the address a user was made with. It is proved by nobody yet."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})


def prove(user: User) -> int:
    """A link mailed to the address was opened. Returns how many second factors fell.

    Whoever set up this sign-in before never showed that the address is theirs: what they set up falls. The
    caller sets a password, and with it ends every sign-in under the old one.
    """
    if is_proved(user):
        return 0
    keep_address(user)
    EmailAddress.objects.filter(user=user, email__iexact=user.email).update(verified=True, primary=True)
    fallen, _ = Authenticator.objects.filter(user=user).delete()
    known: int = fallen
    return known


def hold_address(user_id: uuid.UUID, email: str) -> None:
    """Let the address one signs in with stand until another is proved."""
    User.objects.filter(id=user_id).update(email=email)
