"""The sign-in library's forms, in our words: the library decides, and what a person reads is said here."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Your password now"),
    "password1": _("New password"),
    "password2": _("The new password once more"),
    "code": _("Code"),
    "name": _("What you call it"),
}
HELP: dict[str, Promise] = {
    "password1": _("At least 12 characters. A few words in a row are easier to keep in mind."),
    "code": _("Six digits from your app, or one of your recovery codes."),
}


class InOurWords:
    """Labels and help by the name of the field; no placeholder, which is gone once somebody types."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(InOurWords, account.LoginForm):
    """E-mail and password."""


class LostPasswordForm(InOurWords, account.ResetPasswordForm):
    """Where the link to a new password goes."""


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    """A new password, behind a mailed link."""


class OtherPasswordForm(InOurWords, account.ChangePasswordForm):
    """Another password, by whoever is signed in."""


class FirstPasswordForm(InOurWords, account.SetPasswordForm):
    """A password for somebody who signs in without one."""


class ProveAgainForm(InOurWords, account.ReauthenticateForm):
    """The password once more, before something that weighs much."""


class OtherAddressForm(InOurWords, account.ChangeEmailForm):
    """Another address to sign in with."""


class CodeForm(InOurWords, mfa.AuthenticateForm):
    """A code of an app, or a recovery code."""


class CodeAgainForm(InOurWords, mfa.ReauthenticateForm):
    """The code once more, before something that weighs much."""


class FirstCodeForm(InOurWords, ActivateTOTPForm):
    """The first code of an app that was just told the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Six digits.")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class PasskeyNameForm(InOurWords, EditWebAuthnForm):
    """What a person calls one of their passkeys."""
