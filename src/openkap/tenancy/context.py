"""The signed clinic context: what a transaction may see.

The context travels as `clinic.user.role.expiry.mac` in a transaction-local setting. The
database checks the HMAC-SHA256 with a key the application's role cannot read there, so an
injected `set_config` with another clinic's id opens nothing: a forged, expired or missing
context sees no rows.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

SETTING = "openkap.context"
LIFE_SECONDS = 900


def signed(*, clinic_id: uuid.UUID, user_id: str, role: str, expires: int, key: bytes) -> str:
    """The context as text: four parts and their HMAC-SHA256 in hex."""
    body = f"{clinic_id}.{user_id}.{role}.{expires}"
    mac = hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
    return f"{body}.{mac}"


def _read() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
        known: str = cursor.fetchone()[0]
        return known


def _write(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])


def current_clinic_id() -> uuid.UUID | None:
    """The clinic the database believes us to be in, or None when it believes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctx_clinic()")
        known: uuid.UUID | None = cursor.fetchone()[0]
        return known


@contextmanager
def inside(clinic_id: uuid.UUID, *, user_id: uuid.UUID | None = None, role: str = "system") -> Iterator[None]:
    """One transaction inside one clinic.

    Nested uses restore the outer context at the end: a setting made with SET LOCAL would
    otherwise survive the released savepoint. The outermost's setting ends with its transaction.
    """
    value = signed(
        clinic_id=clinic_id,
        user_id=str(user_id or "-"),
        role=role,
        expires=int(time.time()) + LIFE_SECONDS,
        key=settings.OPENKAP_CONTEXT_KEY,
    )
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _read() if nested else ""
        _write(value)
        yield
        if nested and not connection.needs_rollback:
            _write(before)
