"""How allauth behaves in a clinic: nobody signs up by themselves, and secrets are sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils import timezone

from openkap.accounts.sealing import open_text, seal_text
from openkap.audit.actions import record_house


class ClinicAccountAdapter(DefaultAccountAdapter):
    """Membership comes by invitation alone; every sign-in and every failed one is recorded."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        record_house("accounts.signed_in", at=timezone.now(), details={}, user_id=user.pk)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        record_house(
            "accounts.sign_in_failed", at=timezone.now(), details={"email": credentials.get("email", "")}
        )


class SealedMFAAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds rest encrypted (AES-256-GCM), never as plain text."""

    def encrypt(self, text: str) -> str:
        return seal_text(text, context="mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return open_text(encrypted_text, context="mfa")
