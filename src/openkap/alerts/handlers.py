"""What alerts does when a room below has something a second person must look at."""

from __future__ import annotations

from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.alerts import actions, queries
from openkap.alerts.statements import AlertStatement
from openkap.audit.delivery import Delivery
from openkap.people.events import MergeProposed


def on_merge_proposed(delivery: Delivery[MergeProposed]) -> None:
    """Two records may be one person: a clinician of the care team reads where they differ, and decides."""
    if delivery.subject_id is None or delivery.patient_id != delivery.event.kept_id:
        return
    actions.raise_alert(
        delivery.patient_id,
        kind="merge_proposed",
        says=AlertStatement.TWO_RECORDS(),
        owner_membership_id=queries.owner_for(delivery.patient_id, Role.PRESCRIBER, Role.NURSE),
        cause=("merge", delivery.subject_id),
        by=Actor.system(delivery.clinic_id, "Records"),
        at=delivery.at,
        severity="soon",
    )
