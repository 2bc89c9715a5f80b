"""What comes from outside, by the clock: every ten minutes, alarm what has waited too long."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.interop.waiting import clinics_due, report_what_waits
from openkap.tenancy.jobs import every_clinic


@every_clinic("interop.report_what_waits", cron="*/10 * * * *", due=clinics_due)
def look_at_what_waits(clinic_id: uuid.UUID) -> None:
    """Alarm messages and referrals nobody has looked at."""
    at = timezone.now()
    day = timezone.localtime(at).date().isoformat()
    report_what_waits(by=Actor.system(clinic_id, "The clock"), at=at, day=day)
