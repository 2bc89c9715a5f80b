"""Passkeys: a key that the person's own device keeps, and opens by face, finger or the device's own code.

One act proves both that they hold the device and that it is them, so whoever has one needs no password.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import auto_generate_recovery_codes
from allauth.mfa.webauthn.internal import auth, flows
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from openkap.accounts.models import Invitation, User
from openkap.ui.days import write_day


def who_will_hold_it(invitation: Invitation, known: User | None) -> User:
    """For whom a device makes the key of an invitation; nobody is written down before it is accepted."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"invitation/{invitation.id}")
    return known or User(id=key, email=invitation.email, name=invitation.name)


def options_for(user: User) -> dict[str, Any]:
    """What the page tells the device that makes a key. The device must make sure that it is its owner."""
    return {"creation_options": auth.begin_registration(user, passwordless=True)}


def name_of_new(at: datetime) -> str:
    """What a key is called until its owner names it."""
    return _("Passkey of %(day)s") % {"day": write_day(timezone.localtime(at), "D j M Y")}


def keep(user: User, credential: dict[str, Any], *, at: datetime) -> Authenticator:
    """Write down a key whose making was looked at (`forms.with_key_looked_at`)."""
    kept: Authenticator = auth.WebAuthn.add(user, name_of_new(at), credential).instance
    return kept


def sign_in(request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    """Sign in whoever has just shown both with this key, and give them codes for the day it is lost."""
    flows.perform_passwordless_login(request, authenticator, Login(user=user, email=user.email))
    flows.reauthenticate(request, authenticator)  # it was they, this very moment: nobody asks again
    auto_generate_recovery_codes(request)
