"""The work by the clock that concerns the whole installation."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from openkap.config import checkpoints
from openkap.config.backup import state, watch
from openkap.config.reporting import report_to_clinics

_log = logging.getLogger("openkap.jobs")


@app.periodic(cron="7 * * * *")
@app.task(name="config.checkpoint", queueing_lock="config.checkpoint", pass_context=False)
def checkpoint(timestamp: int) -> None:
    """Sign where every chain of the record ends, and send it off this machine."""
    for problem in checkpoints.make(at=timezone.now()):
        _log.error("%s", problem)


@app.periodic(cron="*/5 * * * *")
@app.task(name="config.backups", queueing_lock="config.backups", pass_context=False)
def backups(timestamp: int) -> None:
    """Tell every clinic of a backup that is missing, fails, is old, or was not tried for long."""
    if settings.OPENKAP_DEMO:
        return
    now, known = timezone.now(), state.read(settings.ENV.data_dir)
    for it in watch.lacks(known, set_up=bool(settings.ENV.backup_to), at=now):
        report_to_clinics(
            it.kind, it.says, cause=(it.kind, it.cause), at=now, to="administrator", severity=it.severity
        )
