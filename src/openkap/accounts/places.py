"""Where a signed-in person works or is treated, over all clinics."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Place:
    """One place a signed-in person works (or is treated) in."""

    membership_id: uuid.UUID
    clinic_id: uuid.UUID
    clinic_name: str
    role: str


def places_of(user_id: uuid.UUID, *, at: datetime) -> list[Place]:
    """The person's current memberships, over all clinics."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM unscoped_places_of(%s, %s)", [user_id, at])
        return [Place(*row) for row in cursor.fetchall()]
