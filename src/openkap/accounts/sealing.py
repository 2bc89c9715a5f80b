"""Sealing short secrets of a person with AES-256-GCM; opening fails closed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"1"


def _cipher() -> AESGCM:
    return AESGCM(settings.OPENKAP_FIELD_KEY)


def _bound(context: str) -> bytes:
    return VERSION + b"|" + context.encode()


def device_key(user_id: object) -> bytes:
    """The key under which a person's browser seals what waits on it: theirs alone, given after sign-in."""
    return hmac.new(settings.OPENKAP_FIELD_KEY, f"device|{user_id}".encode(), hashlib.sha256).digest()


def seal_text(text: str, *, context: str) -> str:
    """The text sealed and bound to its context; what was sealed for one place opens nowhere else."""
    nonce = os.urandom(12)
    sealed = _cipher().encrypt(nonce, text.encode(), _bound(context))
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def open_text(sealed: str, *, context: str) -> str:
    """The text again. A changed byte or a wrong context raises; it never returns the sealed form."""
    raw = base64.urlsafe_b64decode(sealed.encode())
    return _cipher().decrypt(raw[:12], raw[12:], _bound(context)).decode()
