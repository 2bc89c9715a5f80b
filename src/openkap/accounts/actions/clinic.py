"""The clinic's own particulars: what it is called, how it is reached, its clock, the rules of its country."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from openkap.accounts import joining
from openkap.accounts.actor import Actor
from openkap.accounts.events import ClinicParticularsChanged
from openkap.audit.actions import record
from openkap.kernel.refusal import refuse_if
from openkap.tenancy.models import Clinic


@transaction.atomic
def change_particulars(
    *, name: str, phone: str, zone: str, profile: str, before_session: str, by: Actor, at: datetime
) -> Clinic:
    """Change name, phone, zone, profile, and what patients read before a session; the record has both."""
    clinic = Clinic.objects.select_for_update().get(id=by.clinic_id)
    before_session = "\n".join(line.strip() for line in before_session.splitlines() if line.strip())
    wanted = {
        "name": name.strip(),
        "phone": phone.strip(),
        "zone": zone,
        "profile": profile,
        "before_session": before_session,
    }
    changed = {key: value for key, value in wanted.items() if getattr(clinic, key) != value}
    refuse_if(joining.objections_to_particulars(name=wanted["name"], changed=bool(changed)))
    before = {key: str(getattr(clinic, key)) for key in changed}
    for key, value in changed.items():
        setattr(clinic, key, value)
    clinic.save(update_fields=list(changed))
    record(
        ClinicParticularsChanged(before=before, after=changed), by=by, at=at, subject=("clinic", clinic.id)
    )
    return clinic
