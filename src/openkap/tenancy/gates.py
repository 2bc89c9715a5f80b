"""The gates: every SECURITY DEFINER function that looks over the wall, in one file.

Each does one narrow thing that must happen before a clinic context exists. They belong
to `openkap_gate`, a role nobody can sign in with; everything else stays behind the wall.
"""

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
        cursor.execute("SELECT * FROM gate_places_of(%s, %s)", [user_id, at])
        return [Place(*row) for row in cursor.fetchall()]


def clinic_ids() -> list[uuid.UUID]:
    """Every clinic's id, for jobs that go round all clinics."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate_clinic_ids()")
        return [row[0] for row in cursor.fetchall()]


def clinic_of_facility(code: str) -> uuid.UUID | None:
    """The clinic that is reached under this receiving facility, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_clinic_of_facility(%s)", [code])
        return cursor.fetchone()[0]
