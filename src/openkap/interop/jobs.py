"""What comes from outside, by the clock: what has waited too long, and what is kept no longer."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.interop.hl7v2 import actions
from openkap.interop.waiting import clinics_due, report_what_waits
from openkap.tenancy.jobs import every_clinic


@every_clinic("interop.report_what_waits", cron="*/10 * * * *", due=clinics_due)
def look_at_what_waits(clinic_id: uuid.UUID) -> None:
    """Alarm messages and referrals nobody has looked at."""
    at = timezone.now()
    day = timezone.localtime(at).date().isoformat()
    report_what_waits(by=Actor.system(clinic_id, "The clock"), at=at, day=day)


@every_clinic("interop.let_messages_go", cron="53 3 1 * *")
def let_messages_go(clinic_id: uuid.UUID) -> None:
    """Every month, delete the messages of sessions so old that the clinic keeps them no longer."""
    actions.let_go(by=Actor.system(clinic_id, "The clock"), at=timezone.now())
