"""The database backend: Django's own, over connections with a deadline (`patience`)."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.pq import Format

from openkap.tenancy.postgresql.patience import with_patience

PREPARED_AFTER = 2  # a statement asked as often is kept prepared; only this cursor prepares any


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes `patience_seconds` among the options; the rest is Django's."""

    def get_connection_params(self) -> dict[str, Any]:
        """The parameters psycopg knows."""
        params = super().get_connection_params()
        params.pop("patience_seconds", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One from the pool, or one of its own."""
        if self.pool:
            return super().get_new_connection(conn_params)
        self.isolation_level = IsolationLevel.READ_COMMITTED
        seconds = self.settings_dict["OPTIONS"].get("patience_seconds")
        return with_patience(seconds).connect(**conn_params)

    def binary_cursor(self) -> Any:
        """A cursor whose answers come in PostgreSQL's binary format, in which a row names its types.

        Django's own binds parameters on the client's side, where that format is not to be had. What is asked
        again over one connection is planned once: a statement of twenty parts takes longer to plan than to
        answer.
        """
        on_the_server: Any = base.ServerBindingCursor
        self.ensure_connection()
        with self.wrap_database_errors:
            self.connection.prepare_threshold = PREPARED_AFTER
            cursor = on_the_server(self.connection)
            cursor.format = Format.BINARY
            return self._prepare_cursor(cursor)  # type: ignore[attr-defined]
