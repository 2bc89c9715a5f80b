"""Whether the work by the clock runs: a job says so each minute, and the parent of the tree listens.

Without it no alert escalates, no check-in goes out and nobody notices. So when it stops, the jobs are started
again, and every clinic has an alert of it.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from openkap.config.reporting import report_to_clinics
from openkap.config.statements import InstallationAlert
from openkap.tenancy import selfcheck
from openkap.ui.outage import LOST

STOPPED_AFTER = timedelta(seconds=180)
LOOK_EVERY_SECONDS = 15.0
_log = logging.getLogger("openkap.serve")


def report_stopped(last: datetime, *, at: datetime) -> None:
    """Tell every clinic that the work by the clock has stood still; once for each stop."""
    says = InstallationAlert.JOBS_STOPPED(since=last)
    report_to_clinics("jobs_stopped", says, cause=("beat", last.isoformat()), at=at)


class Pulse:
    """Looks every now and then whether the jobs still run."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._looked = 0.0

    def has_stopped(self) -> bool:
        """Whether the jobs must be started again; every clinic has been told then."""
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY_SECONDS or now - self._since < STOPPED_AFTER.total_seconds():
            return False
        self._looked = now
        try:
            return self._look(timezone.now())
        except LOST:
            return False  # the database is away; the jobs wait for it like everybody else
        finally:
            if not connection.in_atomic_block:
                connection.close()

    def _look(self, at: datetime) -> bool:
        last = selfcheck.last_beat()
        if last is not None and at - last <= STOPPED_AFTER:
            return False
        if last is not None:
            report_stopped(last, at=at)
        self._since = time.monotonic()
        return True
