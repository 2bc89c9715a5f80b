"""How allauth behaves in a clinic: nobody signs up by themselves, every way in is limited and recorded."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openkap.accounts import devices
from openkap.accounts.events import AddressProved, PasswordSet, SignedIn, SignInFailed
from openkap.accounts.models import User
from openkap.accounts.sealing import open_text, seal_text
from openkap.audit.actions import record_for_installation


class ClinicAccountAdapter(DefaultAccountAdapter):
    """Membership comes by invitation alone; every sign-in, every failed one and every change is recorded."""

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

    def encrypt(self, text: str) -> str:
        return seal_text(text, context="mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return open_text(encrypted_text, context="mfa")
