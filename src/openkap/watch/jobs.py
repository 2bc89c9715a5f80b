"""The clock of the watch: late checks, silent monitors, marks nobody answers; at night, archiving."""

from __future__ import annotations

import logging
import uuid

from django.db import transaction
from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.tenancy.jobs import clinic_job, every_clinic
from openkap.watch import actions, queries

TOGETHER = 16
_log = logging.getLogger(__name__)


@clinic_job("watch.sweep_one")
def sweep_one(clinic_id: uuid.UUID, *, session_id: str) -> None:
    """Look round one open session, in a transaction of its own."""
    clock = Actor.system(clinic_id, "The clock")
    actions.sweep(uuid.UUID(session_id), by=clock, at=timezone.now())


@clinic_job("watch.sweep_some")
def sweep_some(clinic_id: uuid.UUID, *, session_ids: list[str]) -> None:
    """Look round some open sessions in one transaction; where one of them fails, round each by itself."""
    clock, keys = Actor.system(clinic_id, "The clock"), [uuid.UUID(one) for one in session_ids]
    try:
        with transaction.atomic():
            actions.sweep_all(keys, by=clock, at=timezone.now())
    except Exception:  # noqa: BLE001 - a fault in one session spares the others
        _log.exception("A round over %d sessions failed; each is looked at by itself.", len(keys))
        for one in session_ids:
            sweep_one.defer(clinic_id=str(clinic_id), session_id=one)


@every_clinic("watch.sweep", cron="* * * * *", due=queries.clinics_due)
def sweep(clinic_id: uuid.UUID) -> None:
    """Every minute, look round all open sessions, a few at a time so that no lock is held long."""
    open_now = [str(session.id) for session in queries.open_sessions()]
    for start in range(0, len(open_now), TOGETHER):
        sweep_some.defer(clinic_id=str(clinic_id), session_ids=open_now[start : start + TOGETHER])


@clinic_job("watch.archive_one")
def archive_one(clinic_id: uuid.UUID, *, session_id: str) -> None:
    """Archive what monitors sent in one session, in a transaction of its own."""
    actions.archive(uuid.UUID(session_id), by=Actor.system(clinic_id, "The clock"), at=timezone.now())


@every_clinic("watch.archive", cron="23 2 * * *", due=queries.clinics_to_archive)
def archive(clinic_id: uuid.UUID) -> None:
    """Every night, archive what monitors sent in the sessions that closed a month ago."""
    for session_id in queries.sessions_to_archive(timezone.now()):
        archive_one.defer(clinic_id=str(clinic_id), session_id=str(session_id))
