"""Django's cache in the database, so that every worker of the site counts the same tries.

What is kept are counts and marks: how often somebody tried to sign in, and that a one-time code is used. In
the memory of one process they would count for that process alone. Values are JSON: Django's own database
cache pickles, and whoever could write one row of it could run code here.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

_SET = (
    "INSERT INTO tenancy_cacheentry (key, value, expires_at)"
    " VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s))"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
)
_ADD = f"{_SET} WHERE tenancy_cacheentry.expires_at <= clock_timestamp()"
_STANDS = "(expires_at IS NULL OR expires_at > clock_timestamp())"
_GET = f"SELECT value FROM tenancy_cacheentry WHERE key = %s AND {_STANDS}"  # noqa: S608 - a constant
_DELETE = f"DELETE FROM tenancy_cacheentry WHERE key = %s RETURNING {_STANDS}"  # noqa: S608 - a constant
_SWEEP = (
    "DELETE FROM tenancy_cacheentry WHERE key IN (SELECT key FROM tenancy_cacheentry"
    " WHERE expires_at <= clock_timestamp() ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED)"
)


class DatabaseCache(BaseCache):
    """One row a key. Nothing is thrown out before its time: a count that can be pushed out is no limit."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default."""
        with connection.cursor() as cursor:
            cursor.execute(_GET, [self.make_and_validate_key(key, version=version)])
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def set(
        self,
        key: str,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keep the value; a few of those that are over are removed on the way."""
        self._write(_SET, key, value=value, timeout=timeout, version=version)
        with connection.cursor() as cursor:
            cursor.execute(_SWEEP)

    def add(
        self,
        key: str,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Keep the value unless there is one. Of two who add at once, one is told True."""
        return self._write(_ADD, key, value=value, timeout=timeout, version=version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep it longer, where it is still there."""
        missing = object()
        value = self.get(key, missing, version=version)
        if value is missing:
            return False
        return self._write(_SET, key, value=value, timeout=timeout, version=version)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Remove it; whether it was there."""
        with connection.cursor() as cursor:
            cursor.execute(_DELETE, [self.make_and_validate_key(key, version=version)])
            row = cursor.fetchone()
        return bool(row and row[0])

    def clear(self) -> None:
        """Remove everything."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM tenancy_cacheentry")

    def _write(self, statement: str, key: str, *, value: Any, timeout: Any, version: int | None) -> bool:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        values = [self.make_and_validate_key(key, version=version), json.dumps(value), seconds]
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return bool(cursor.rowcount == 1)
