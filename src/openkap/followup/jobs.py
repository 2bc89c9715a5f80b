"""Follow-up by the clock: each minute, send what is due and alarm what stays silent."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.followup import actions
from openkap.tenancy.jobs import every_clinic


@every_clinic("followup.sweep", cron="* * * * *")
def sweep(clinic_id: uuid.UUID) -> None:
    """Send and alarm for one clinic."""
    actions.sweep(by=Actor.system(clinic_id, "Follow-up"), at=timezone.now())
