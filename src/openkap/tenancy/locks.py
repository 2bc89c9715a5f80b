"""Locks that are not rows: one writer at a time for a clinic's running numbers."""

from __future__ import annotations

from django.db import connection


def lock_numbers(series: str) -> None:
    """Wait for, and hold until commit, the right to take the next number of a series in this clinic."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(ctx_clinic()::text || %s, 0))", [series]
        )
