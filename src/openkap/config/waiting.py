"""How each process of the tree meets the database, and how long it waits for an answer.

The site draws connections from a pool, one for the length of a request, and waits three seconds: then a
person is told so. The listener and the jobs keep theirs. The listener gives a monitor no answer at all when
the database is silent, and the monitor sends again.
"""

from __future__ import annotations

from typing import Any

from openkap.tenancy.postgresql.patience import with_patience

SITE_SECONDS = 3
LISTENER_SECONDS = 10
JOBS_SECONDS = 60
POOL_SIZE = 24
LOCK_SHORTER_MS, STATEMENT_SHORTER_MS = 500, 200


def set_up(database: dict[str, Any], *, process: str) -> None:
    """Fit the settings of a database to a process: `web`, `devices`, `jobs`, or a command ("")."""
    options = database.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", SITE_SECONDS)
    database["CONN_HEALTH_CHECKS"] = True
    database["CONN_MAX_AGE"] = 0
    seconds = {"web": SITE_SECONDS, "devices": LISTENER_SECONDS, "jobs": JOBS_SECONDS}.get(process)
    if seconds is None:
        return  # a command may take as long as it takes, and somebody watches it
    options["options"] = f"{options.get('options', '')} {server_limits(seconds)}".strip()
    if process == "web":
        options["pool"] = pool()
    else:
        database["CONN_MAX_AGE"] = 600
        options["patience_seconds"] = seconds


def server_limits(seconds: int) -> str:
    """The server's own limits: they end a wait in order, a little before our patience ends it by force."""
    lock, statement = seconds * 1000 - LOCK_SHORTER_MS, seconds * 1000 - STATEMENT_SHORTER_MS
    return f"-c lock_timeout={lock} -c statement_timeout={statement}"


def pool(*, seconds: float = SITE_SECONDS, size: int = POOL_SIZE) -> dict[str, Any]:
    """The site's pool. It gives a lost connection up soon, so that the next request asks anew."""
    return {
        "min_size": 2,
        "max_size": size,
        "timeout": seconds,
        "reconnect_timeout": 1.0,
        "connection_class": with_patience(seconds),
    }
