"""The clinics themselves, before there is a context: each one's id, and which is meant by a facility."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from psycopg import sql


def clinic_ids() -> list[uuid.UUID]:
    """Every clinic's id, for jobs that go round all clinics."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM unscoped_clinic_ids()")
        return [row[0] for row in cursor.fetchall()]


def clinics_by(function: str, *values: Any) -> list[uuid.UUID]:
    """The clinics that an app's unscoped function names, such as those in which something is due."""
    places = sql.SQL(", ").join([sql.Placeholder()] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {}({})").format(sql.Identifier(function), places), values)
        return sorted(row[0] for row in cursor.fetchall())


def clinic_of_facility(code: str) -> uuid.UUID | None:
    """The clinic that is reached under this receiving facility, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unscoped_clinic_of_facility(%s)", [code])
        known: uuid.UUID | None = cursor.fetchone()[0]
        return known
