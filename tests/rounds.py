"""The rounds of the clock: each with its job, its question of all clinics, and the jobs it sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openkap.alerts.jobs
import openkap.dosing.jobs
import openkap.followup.jobs
import openkap.interop.jobs
import openkap.notices.jobs
import openkap.watch.jobs
from openkap.alerts import queries as alerts
from openkap.dosing import queries as dosing
from openkap.followup import queries as followup
from openkap.interop import waiting
from openkap.notices import queries as notices
from openkap.watch import queries as watch


@dataclass(frozen=True)
class Round:
    """One round."""

    job: Any
    due: Callable[[datetime], list]
    sets: tuple[Any, ...] = ()


ROUNDS = {
    "watch": Round(
        openkap.watch.jobs.sweep,
        watch.clinics_due,
        (openkap.watch.jobs.sweep_some, openkap.watch.jobs.sweep_one),
    ),
    "dosing": Round(openkap.dosing.jobs.release, dosing.clinics_due, (openkap.dosing.jobs.release_one,)),
    "followup": Round(openkap.followup.jobs.sweep, followup.clinics_due, (openkap.followup.jobs.do,)),
    "alerts": Round(openkap.alerts.jobs.escalate_overdue, alerts.clinics_due),
    "notices": Round(openkap.notices.jobs.send_due, notices.clinics_due),
    "interop": Round(openkap.interop.jobs.look_at_what_waits, waiting.clinics_due),
}
