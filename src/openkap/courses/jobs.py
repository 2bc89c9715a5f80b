"""The courses by the clock: at night, what comes next is worked out for the day that begins."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.courses import actions
from openkap.tenancy.jobs import every_clinic
from openkap.tenancy.models import Clinic


@every_clinic("courses.next_steps", cron="53 * * * *")
def next_steps(clinic_id: uuid.UUID) -> None:
    """In the first hour of the clinic's own day, so that the first page of the morning finds it done."""
    local = timezone.now().astimezone(Clinic.objects.get(id=clinic_id).tz)
    if local.hour == 0:
        actions.clear_next_steps()
        actions.count_next_steps(today=local.date())
