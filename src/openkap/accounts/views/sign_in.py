"""The sign-in library's pages, where ours do something more."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openkap.accounts import passkeys
from openkap.accounts.actions import proving


class SecondFactor(AuthenticateView):
    """The second of two: a passkey where the person has one, or a code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        has_key = is_mfa_enabled(self.stage.login.user, [Authenticator.Type.WEBAUTHN])
        return {**context, "has_key": has_key}


class AddPasskey(AddWebAuthnView):
    """A passkey of this device: it alone signs in, since the device makes sure that it is its owner."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        return {**context, "js_data": passkeys.options_for(user), "is_first": not is_mfa_enabled(user)}


class NewPassword(account.PasswordResetFromKeyView):
    """The page behind a mailed link to a new password. The link proves the address."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            proving.prove(self.reset_user)
            known: HttpResponse = super().form_valid(form)
            return known


class ChangeEmailView(account.EmailView):
    """Ask for another address; the one before holds until a link mailed to the new one was opened."""

    def form_valid(self, form: Any) -> HttpResponse:
        before = self.request.user.email
        response: HttpResponse = super().form_valid(form)
        proving.hold_address(self.request.user.pk, before)  # the library lets an unproved one go
        return response


class SignOut(account.LogoutView):
    """Sign out, and the browser drops the pages it keeps. Its storage stays: entries may wait in it."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


second_factor = SecondFactor.as_view()
add_passkey = AddPasskey.as_view()
address = ChangeEmailView.as_view()
new_password = NewPassword.as_view()
sign_out = SignOut.as_view()


def lost_access(request: HttpRequest) -> HttpResponse:
    """What somebody does who cannot get in, each case in a sentence."""
    return render(request, "accounts/lost_access.html")
