"""Background work: every job knows its clinic, and goes round with its context.

Jobs stand in the same database as the facts and are queued in the same transaction, so a
job exists exactly when its cause was committed.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from openkap.tenancy.clinics import clinic_ids
from openkap.tenancy.context import inside
from openkap.tenancy.models import Beat

Due = Callable[[datetime], list[uuid.UUID]]
ALL_EVERY_HOURS = 3  # should `due` ever be wrong, what it left out waits no longer than this
_log = logging.getLogger(__name__)
RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


def clinic_job(name: str, *, queue: str = "default", retry: Any = RETRY) -> Callable[..., Any]:
    """Make a task of a function `f(clinic_id, **ids)`; it runs inside that clinic's context.

    Queue it with `task.defer(clinic_id=str(...), ...)`; it joins the current transaction.
    """

    def wrap(function: Callable[..., None]) -> Any:
        @wraps(function)
        def run(*, clinic_id: str, **ids: Any) -> None:
            with inside(uuid.UUID(clinic_id), role="system"):
                function(uuid.UUID(clinic_id), **ids)

        return app.task(name=name, queue=queue, retry=retry)(run)

    return wrap


def every_clinic(name: str, *, cron: str, due: Due | None = None) -> Callable[..., Any]:
    """Run a function `f(clinic_id)` for each clinic by the clock; one clinic's failure spares the others.

    With `due` only the clinics it names at that moment are gone round to: most clinics sleep most of the
    time, and a job for each of them each minute is work for nothing. `due` may name a clinic too many,
    never one too few. Every few hours, and where it fails, all clinics are gone round to.
    """

    def wrap(function: Callable[[uuid.UUID], None]) -> Any:
        of_one_clinic = clinic_job(f"{name}.one")(lambda clinic_id: function(clinic_id))

        @app.periodic(cron=cron)
        @app.task(name=name, queueing_lock=name, pass_context=False)
        def go_round(timestamp: int) -> None:
            at = datetime.fromtimestamp(timestamp, tz=UTC)
            for clinic_id in clinic_ids() if due is None else _due_or_all(name, due, at=at):
                of_one_clinic.defer(clinic_id=str(clinic_id))

        go_round.each = of_one_clinic  # type: ignore[attr-defined]
        return go_round

    return wrap


def _due_or_all(name: str, due: Due, *, at: datetime) -> list[uuid.UUID]:
    if at.minute == 0 and at.hour % ALL_EVERY_HOURS == 0:
        return clinic_ids()
    try:
        with transaction.atomic():
            return due(timezone.now())
    except Exception:  # noqa: BLE001 - whatever it is, nobody is left out for it
        _log.exception("%s could not be asked of all clinics at once; each is gone round to.", name)
        return clinic_ids()


@app.periodic(cron="* * * * *")
@app.task(name="tenancy.beat", queueing_lock="tenancy.beat", pass_context=False)
def beat(timestamp: int) -> None:
    """Say that the work by the clock runs. When nothing says so any more, somebody is told."""
    Beat.objects.update_or_create(name="jobs", defaults={"at": timezone.now()})


@app.periodic(cron="* * * * *")
@app.task(name="tenancy.rescue_stalled", queueing_lock="tenancy.rescue_stalled", pass_context=True)
async def rescue_stalled(context: JobContext, timestamp: int) -> None:
    """Take up again the jobs of a worker that died in the middle of them."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
