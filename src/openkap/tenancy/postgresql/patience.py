"""A connection that gives up on a database that does not answer.

`statement_timeout` and `lock_timeout` are the server's, and a server that is stopped keeps no time: a query
to it waits for ever. So the client waits for no answer longer than its patience; then the connection is
dropped, and whoever asked gets `OperationalError`. It cannot know whether a commit on its way was done: who
sends again is taken once, by the form's token or the entry's key.
"""

from __future__ import annotations

from typing import Any, ClassVar

import psycopg
from psycopg.pq import TransactionStatus


class PatientConnection(psycopg.Connection[Any]):
    """Waits `patience_seconds` for an answer and no longer; None waits for ever."""

    patience_seconds: ClassVar[float | None] = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Drive one exchange with the server, within the deadline."""
        limit = self.patience_seconds if timeout is None else timeout
        try:
            return super().wait(gen, interval=interval, timeout=limit)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


def with_patience(seconds: float | None) -> type[PatientConnection]:
    """The connection class of a process that waits so long."""
    return type("Patient", (PatientConnection,), {"patience_seconds": seconds})
