"""The work by the clock that concerns the whole installation."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from openkap.config import checkpoints

_log = logging.getLogger("openkap.jobs")


@app.periodic(cron="7 * * * *")
@app.task(name="config.checkpoint", queueing_lock="config.checkpoint", pass_context=False)
def checkpoint(timestamp: int) -> None:
    """Sign where every chain of the record ends, and send it off this machine."""
    for problem in checkpoints.make(at=timezone.now()):
        _log.error("%s", problem)
