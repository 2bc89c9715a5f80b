"""Follow-up by the clock: each minute, send what is due and alarm what stays silent."""

from __future__ import annotations

import uuid

from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.followup import actions, queries
from openkap.tenancy.jobs import clinic_job, every_clinic


@clinic_job("followup.do", retry=False)
def do(clinic_id: uuid.UUID, *, verb: str, key: str) -> None:
    """Do one thing, in a transaction of its own. What fails is taken up again in the next round."""
    what = queries.ToDo(verb, uuid.UUID(key))
    actions.do(what, by=Actor.system(clinic_id, "Follow-up"), at=timezone.now())


@every_clinic("followup.sweep", cron="* * * * *", due=queries.clinics_due)
def sweep(clinic_id: uuid.UUID) -> None:
    """Every minute, set one job for each thing that is due: one that fails holds up no other."""
    for what in queries.to_do(now=timezone.now()):
        do.defer(clinic_id=str(clinic_id), verb=what.verb, key=str(what.id))
