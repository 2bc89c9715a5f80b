"""The clock of alerts."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.alerts import actions, queries
from openkap.tenancy.jobs import every_clinic


@every_clinic("alerts.escalate_overdue", cron="* * * * *", due=queries.clinics_due)
def escalate_overdue(clinic_id: uuid.UUID) -> None:
    """Every minute: pass on what nobody has acted on in time, and send the messages that are due."""
    actions.sweep(by=Actor.system(clinic_id, "The clock"), at=timezone.now())
