"""The clock after a dose: who went home otherwise may sign again once the pack's time is over."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.dosing import actions, queries
from openkap.tenancy.jobs import clinic_job, every_clinic


@clinic_job("dosing.release_one")
def release_one(clinic_id: uuid.UUID, *, session_id: str) -> None:
    """Let a person sign again whose session closed otherwise, once the pack's time is over."""
    clock = Actor.system(clinic_id, "The clock")
    actions.release_lock(uuid.UUID(session_id), by=clock, at=timezone.now())


@every_clinic("dosing.release", cron="* * * * *", due=queries.clinics_due)
def release(clinic_id: uuid.UUID) -> None:
    """Every minute, look at all who may not sign yet, so that a fault with one spares the others."""
    for session in queries.locked_after_closing():
        release_one.defer(clinic_id=str(clinic_id), session_id=str(session.id))
