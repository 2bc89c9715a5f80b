"""How allauth behaves in a clinic: nobody signs up by themselves, every way in is limited and recorded."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openkap.accounts import devices, passkeys
from openkap.accounts.entrance import proved_lately
from openkap.accounts.events import AddressProved, PasswordSet, SignedIn, SignInFailed
from openkap.accounts.models import User
from openkap.accounts.sealing import open_text, seal_text
from openkap.audit.actions import record_for_installation

AGAIN = {
    "mfa_reauthenticate:webauthn": _("With my face, finger or device code"),
    "reauthenticate": _("With my password"),
    "mfa_reauthenticate": _("With a code"),
}
SAID = {
    "account_inactive": _("This sign-in is closed. Ask the clinic that invited you."),
    "email_password_mismatch": _("E-mail and password do not belong together. Look at both once more."),
    "email_taken": _("Somebody signs in with this address already."),
    "enter_current_password": _("That is not your password now."),
    "incorrect_code": _("This code or passkey is not the one. Try the newest code, or another way."),
    "incorrect_password": _("That is not your password."),
    "invalid_or_expired_key": _("This link can no longer be used. Ask for a new one."),
    "invalid_password_reset": _("This link can no longer be used. Ask for a new one."),
    "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
    "unknown_email": _("Nobody signs in with this address."),
    "same_as_current": _("It is the one you have already."),
    "rate_limited": _("Too many tries. Wait a minute, then try again."),
}
SAID_OF_FACTORS = {
    "cannot_delete_authenticator": _("It cannot be taken away just now."),
    "cannot_generate_recovery_codes": _("Set up a passkey or an app first; the codes come with it."),
    "incorrect_code": SAID["incorrect_code"],
}


class ClinicAccountAdapter(DefaultAccountAdapter):
    """Membership comes by invitation alone; every sign-in, every failed one and every change is recorded."""

    error_messages: ClassVar[dict[str, Any]] = {**DefaultAccountAdapter.error_messages, **SAID}

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How one says once more who one is: by a passkey first, where there is one."""
        methods = [
            {**method, "description": AGAIN[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]
        return sorted(methods, key=lambda method: list(AGAIN).index(method["id"]))

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever sets up their first second factor has given a password a moment ago: nobody asks again."""
        request = context.request
        if request.user.is_authenticated and not is_mfa_enabled(request.user):
            return not proved_lately(request)
        return bool(super().is_reauthentication_required(app=app))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        record_for_installation(SignedIn(), at=timezone.now(), user_id=user.pk)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user.pk)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        record_for_installation(SignInFailed(email=credentials.get("email", "")), at=timezone.now())

    def set_password(self, user: Any, password: str) -> None:
        super().set_password(user, password)
        record_for_installation(PasswordSet(), at=timezone.now(), user_id=user.pk)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        done = bool(super().confirm_email(request, email_address))
        if done:
            record_for_installation(AddressProved(), at=timezone.now(), user_id=email_address.user_id)
        return done

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose tries are counted together: a known browser's by itself, all others' by their address."""
        device = devices.known_device(request)
        return f"device-{device}" if device else str(super().get_client_ip(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        key = str(super()._get_login_attempts_cache_key(request, **credentials))
        user = User.objects.filter(email__iexact=str(credentials.get("email", ""))).first()
        if user is not None and devices.has_signed_in_here(request, user.pk):
            return f"{key}|{devices.known_device(request)}"
        return key

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail that names OpenKAP and no clinic; without a mail system nothing is called sent."""
        if settings.OPENKAP_MAIL_IS_SET_UP:
            super().send_mail(template_prefix, email, context)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under the site's own name, whatever name the one who asked has used."""
        url = urlsplit(str(super().get_reset_password_from_key_url(key)))
        return f"{settings.OPENKAP_SITE_URL}{url.path}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        url = urlsplit(str(super().get_email_confirmation_url(request, emailconfirmation)))
        return f"{settings.OPENKAP_SITE_URL}{url.path}"


class SealedMFAAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds rest encrypted (AES-256-GCM), never as plain text."""

    error_messages: ClassVar[dict[str, Any]] = {**DefaultMFAAdapter.error_messages, **SAID_OF_FACTORS}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  the library's word
        return passkeys.name_of_new(timezone.now())

    def encrypt(self, text: str) -> str:
        return seal_text(text, context="mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return open_text(encrypted_text, context="mfa")
