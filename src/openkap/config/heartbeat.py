"""Whether the work by the clock runs: a job says so each minute, and the parent of the tree listens.

Without it no alert escalates, no check-in goes out and nobody notices. So when it stops, the jobs are started
again, and every clinic has an alert of it.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.alerts import actions as alerts
from openkap.kernel.refusal import Refused
from openkap.tenancy import standing
from openkap.tenancy.context import inside
from openkap.tenancy.gates import clinic_ids
from openkap.ui.outage import LOST

STOPPED_AFTER = timedelta(seconds=180)
LOOK_EVERY_SECONDS = 15.0
_SPACE = uuid.UUID("5e1f7ad2-6a55-4c6b-9a4e-0d6d1a5d3c11")
_log = logging.getLogger("openkap.serve")


def tell_clinics(last: datetime, *, at: datetime) -> None:
    """Raise an alert in every clinic that the work by the clock has stood still; once for each stop."""
    for clinic_id in clinic_ids():
        by = Actor.system(clinic_id, "OpenKAP")
        text = f"OpenKAP's work by the clock stood still since {last:%H:%M} UTC: no escalations, no messages."
        try:
            with inside(clinic_id):
                alerts.raise_alert(
                    None,
                    kind="jobs_stopped",
                    text=text,
                    owner_membership_id=None,
                    cause=("beat", uuid.uuid5(_SPACE, last.isoformat())),
                    by=by,
                    at=at,
                )
        except Refused as refusal:  # a clinic in which nobody works yet
            _log.warning("Nobody could be told that the jobs stopped: %s", refusal)


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
        last = standing.last_beat()
        if last is not None and at - last <= STOPPED_AFTER:
            return False
        if last is not None:
            tell_clinics(last, at=at)
        self._since = time.monotonic()
        return True
