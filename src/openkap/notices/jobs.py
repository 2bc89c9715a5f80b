"""What goes out, by the clock."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.notices import actions, queries
from openkap.tenancy.jobs import every_clinic


@every_clinic("notices.send_due", cron="* * * * *", due=queries.clinics_due)
def send_due(clinic_id: uuid.UUID) -> None:
    """Every minute, try what is due."""
    actions.send_due(by=Actor.system(clinic_id, "Notices"), at=timezone.now())
