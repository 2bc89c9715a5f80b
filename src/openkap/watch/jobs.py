"""The clock of the watch: checks that are late, monitors that are silent, marks nobody answers."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.tenancy.jobs import clinic_job, every_clinic
from openkap.watch import actions, queries


@clinic_job("watch.sweep_one")
def sweep_one(clinic_id: uuid.UUID, *, session_id: str) -> None:
    """Look round one open session, in a transaction of its own."""
    clock = Actor.system(clinic_id, "The clock")
    actions.sweep(uuid.UUID(session_id), by=clock, at=timezone.now())


@every_clinic("watch.sweep", cron="* * * * *")
def sweep(clinic_id: uuid.UUID) -> None:
    """Every minute, look round all open sessions, so that a fault in one spares the others."""
    for session in queries.open_sessions():
        sweep_one.defer(clinic_id=str(clinic_id), session_id=str(session.id))
