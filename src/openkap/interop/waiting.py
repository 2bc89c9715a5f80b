"""What waits too long to be looked at: monitors' messages and referrals. Each raises an alert a day (H34).

A message of a monitor that is paired with nobody alarms nobody: no room waits for its values.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.defaults import queries as defaults
from openkap.interop import unscoped
from openkap.interop.hl7v2 import queries as devices
from openkap.interop.numbers import InteropNumbers
from openkap.interop.referrals import queries as referrals
from openkap.interop.statements import InteropAlert
from openkap.kernel.statement import Stated
from openkap.tenancy.clinics import clinics_by

_EACH_DAY = uuid.UUID("5d3c2b1a-6f0e-4d6e-9c83-1f7a55c0e411")


@transaction.atomic
def report_what_waits(*, by: Actor, at: datetime, day: str) -> None:
    """Raise an alert for what has waited too long; at most one of a kind on a day of the clinic."""
    numbers = defaults.of(InteropNumbers)
    messages = devices.awaited_since(at - timedelta(hours=numbers.message_waits_hours))
    if messages:
        first = min(row.at for row in messages)
        says = (
            InteropAlert.ONE_MESSAGE_WAITS(since=first)
            if len(messages) == 1
            else InteropAlert.MESSAGES_WAIT(count=len(messages), since=first)
        )
        _tell("messages_wait", says, roles=("nurse", "coordinator"), day=day, by=by, at=at)
    before = at - timedelta(hours=numbers.referral_waits_hours)
    waiting = [row for row in referrals.waiting() if row.at <= before]
    if waiting:
        senders = list(dict.fromkeys(row.sender for row in waiting[:3]))
        says = (
            InteropAlert.ONE_REFERRAL_WAITS(senders=senders)
            if len(waiting) == 1
            else InteropAlert.REFERRALS_WAIT(count=len(waiting), senders=senders)
        )
        _tell("referrals_wait", says, roles=("coordinator",), day=day, by=by, at=at)


def _tell(kind: str, says: Stated, *, roles: tuple[str, ...], day: str, by: Actor, at: datetime) -> None:
    cause = uuid.uuid5(_EACH_DAY, f"{by.clinic_id}|{kind}|{day}")
    owner = owner_for(None, *roles)
    if owner is None:
        return
    raise_alert(
        None,
        kind=kind,
        says=says,
        owner_membership_id=owner,
        cause=("waiting", cause),
        by=by,
        at=at,
        severity="soon",
    )


def clinics_due(moment: datetime) -> list[uuid.UUID]:
    """The clinics in which something from outside waits."""
    return clinics_by(unscoped.WAITED_FOR.name)
