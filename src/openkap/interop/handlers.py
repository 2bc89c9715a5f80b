"""What interop does on another app's event: with the values of a session its messages are archived."""

from __future__ import annotations

from openkap.accounts.actor import Actor
from openkap.audit.delivery import Delivery
from openkap.interop.hl7v2 import actions
from openkap.watch.events import ValuesArchived


def on_values_archived(delivery: Delivery[ValuesArchived]) -> None:
    """Archive the session's messages too. Told twice, there is nothing left to archive."""
    if delivery.subject_id is not None:
        clock = Actor.system(delivery.clinic_id, "The clock")
        actions.archive_messages(delivery.subject_id, by=clock, at=delivery.at)
