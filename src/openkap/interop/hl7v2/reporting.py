"""Alerts about the listener: a monitor that is turned away, messages that cannot be read (H31, H34)."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

from openkap.accounts.actor import Actor
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.interop.statements import InteropAlert
from openkap.kernel.statement import Stated
from openkap.tenancy.context import inside

REPORTED_EVERY_MINUTES = 30
_TOLD = uuid.UUID("8a0d3c1e-21c4-4f0b-9a53-6d0a5a0b7f02")


def tell(kind: str, says: Stated, *, about: str, by: Actor, at: datetime) -> None:
    """Raise an alert about the listener, once in a while for each thing it is about."""
    owner = owner_for(None, "nurse", "coordinator")
    if owner is None:
        return
    span = int(at.timestamp()) // (REPORTED_EVERY_MINUTES * 60)
    told = re.sub(r"\d+", "#", about)
    raise_alert(
        None,
        kind=kind,
        says=says,
        owner_membership_id=owner,
        cause=("listener", uuid.uuid5(_TOLD, f"{kind}|{told}|{span}")),
        by=by,
        at=at,
    )


def report_turned_away(clinic: uuid.UUID, address: str, *, open_now: int, at: datetime) -> None:
    """A monitor could not connect, because too many connections are open: raise an alert, once in a while."""
    says = InteropAlert.TURNED_AWAY(address=address, count=open_now)
    with inside(clinic, role="device"):
        by = Actor.device(clinic, "The device listener")
        tell("monitor_turned_away", says, about=f"from {address}", by=by, at=at)
