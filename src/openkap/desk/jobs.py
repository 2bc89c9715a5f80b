"""The desk by the clock: each Monday a look at who opened which record."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.desk import looking
from openkap.tenancy.jobs import every_clinic
from openkap.tenancy.models import Clinic


@every_clinic("desk.look_at_readings", cron="30 6 * * 1")
def look_at_readings(clinic_id: uuid.UUID) -> None:
    """What asks for a look in the week that has ended is an alert with an owner."""
    looking.look(Clinic.objects.get(id=clinic_id), at=timezone.now())
