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
# The server's own limits end a wait in order, a little before the site's patience ends it by force.
SERVER_LIMITS = "-c lock_timeout=2500 -c statement_timeout=2800"


def set_up(database: dict[str, Any], *, process: str) -> None:
    """Fit the settings of a database to a process: `web`, `devices`, `jobs`, or a command ("")."""
    options = database.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", SITE_SECONDS)
    database["CONN_HEALTH_CHECKS"] = True
    database["CONN_MAX_AGE"] = 0
    if process == "web":
        options["pool"] = pool()
        options["options"] = f"{options.get('options', '')} {SERVER_LIMITS}".strip()
    elif process in ("devices", "jobs"):
        database["CONN_MAX_AGE"] = 600
        options["patience_seconds"] = LISTENER_SECONDS if process == "devices" else JOBS_SECONDS


def pool(*, seconds: float = SITE_SECONDS, size: int = POOL_SIZE) -> dict[str, Any]:
    """The site's pool. It gives a lost connection up soon, so that the next request asks anew."""
    return {
        "min_size": 2,
        "max_size": size,
        "timeout": seconds,
        "reconnect_timeout": 1.0,
        "connection_class": with_patience(seconds),
    }
