"""What alerts does when a room below has something a second person must look at."""

from __future__ import annotations

import uuid

from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.alerts import actions, queries
from openkap.audit.events import DomainEvent


def on_merge_proposed(event: DomainEvent) -> None:
    """Two records may be one person: a clinician of the care team reads where they differ, and decides."""
    if event.subject_id is None or event.patient_id != uuid.UUID(event.details["kept"]):
        return
    actions.raise_alert(
        event.patient_id,
        kind="merge_proposed",
        text="Two records may be one person. Read where they differ, then agree or say no.",
        owner_membership_id=queries.owner_for(event.patient_id, Role.PRESCRIBER, Role.NURSE),
        cause=("merge", event.subject_id),
        by=Actor.system(event.clinic_id, "Records"),
        at=event.at,
        severity="soon",
    )
