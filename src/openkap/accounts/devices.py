"""Browsers that somebody has signed in with before, with every factor.

A limit on wrong passwords must not let a stranger lock a nurse out, nor lock a whole clinic out because it
shares one address. So a browser that a person has signed in with keeps a signed cookie, and its tries are
counted apart from everybody else's: by the browser instead of by the address, and for that person apart from
tries made elsewhere. The cookie opens nothing. (The scheme is OWASP's "device cookies".)
"""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "openkap_device"
SALT = "openkap.device"
LIFE = timedelta(days=180)
PEOPLE_MAX = 20


def _read(request: HttpRequest) -> tuple[str, list[str]] | None:
    text = request.COOKIES.get(COOKIE, "")
    try:
        nonce, people = signing.loads(text, salt=SALT, max_age=LIFE)
        return str(nonce), [str(one) for one in people]
    except (signing.BadSignature, ValueError, TypeError):
        return None


def known_device(request: HttpRequest) -> str | None:
    """The name of this browser, when somebody has signed in with it before."""
    device = _read(request)
    return device[0] if device else None


def has_signed_in_here(request: HttpRequest, user_id: uuid.UUID) -> bool:
    """Whether this person has signed in with this browser before."""
    device = _read(request)
    return device is not None and user_id.hex in device[1]


def remember(request: HttpRequest, response: HttpResponse, user_id: uuid.UUID) -> None:
    """Note on the browser that this person has signed in with it."""
    nonce, people = _read(request) or (secrets.token_hex(8), [])
    people = [user_id.hex, *(one for one in people if one != user_id.hex)][:PEOPLE_MAX]
    response.set_cookie(
        COOKIE,
        signing.dumps([nonce, people], salt=SALT),
        max_age=LIFE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        path="/",
    )
