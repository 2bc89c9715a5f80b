"""Monitors, and pairing one with a session: the only way a device's values reach a person (H30)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.kernel.event import DomainEvent
from openkap.kernel.refusal import refuse_if
from openkap.watch import rules
from openkap.watch.actions.locking import locked_open_session, locked_session, tell
from openkap.watch.events import MonitorAdded, MonitorPaired, MonitorRetired, MonitorUnpaired
from openkap.watch.models import Monitor, Pairing

HEARD_EVERY = timedelta(seconds=20)


@transaction.atomic
def add_monitor(
    *,
    identifier: str,
    name: str,
    by: Actor,
    at: datetime,
    room_id: uuid.UUID | None = None,
    location: str = "",
    zone: str = "",
) -> Monitor:
    """The clinic owns a monitor that names itself so in its messages."""
    same = Monitor.objects.filter(identifier=identifier.strip(), retired_at__isnull=True)
    refuse_if(
        rules.objections_to_monitor(
            identifier=identifier,
            name=name,
            zone=zone,
            zone_known=zone in available_timezones(),
            in_use=same.exists(),
        )
    )
    monitor = Monitor.objects.create(
        identifier=identifier.strip(),
        name=name.strip(),
        location=location.strip(),
        zone=zone,
        room_id=room_id,
        **by.stamp(at),
    )
    record(MonitorAdded(name=name), by=by, at=at, subject=("monitor", monitor.id))
    return monitor


def _locked_monitor(monitor_id: uuid.UUID) -> Monitor:
    monitor = Monitor.objects.select_for_update().filter(id=monitor_id, retired_at__isnull=True).first()
    if monitor is None:
        raise rules.no_such_monitor()
    return monitor


@transaction.atomic
def retire_monitor(monitor_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """Take a monitor out of use. One that is paired stays until it is unpaired."""
    monitor = _locked_monitor(monitor_id)
    paired = monitor.pairings.filter(ended_at__isnull=True).exists()
    refuse_if(rules.objections_to_retiring(paired=paired))
    monitor.retired_at = at
    monitor.save(update_fields=["retired_at"])
    record(MonitorRetired(), by=by, at=at, subject=("monitor", monitor.id))


@transaction.atomic
def pair(session_id: uuid.UUID, *, monitor_id: uuid.UUID, by: Actor, at: datetime) -> Pairing:
    """From now on this monitor's values are this person's. One monitor, one session, never two."""
    session = locked_open_session(session_id)
    monitor = _locked_monitor(monitor_id)
    earlier = Pairing.objects.filter(monitor=monitor, session=session, ended_at__isnull=True).first()
    if earlier is not None:
        return earlier
    refuse_if(
        rules.objections_to_pairing(
            monitor=monitor.name,
            monitor_taken=monitor.pairings.filter(ended_at__isnull=True).exists(),
            session_paired=session.pairings.filter(ended_at__isnull=True).exists(),
        )
    )
    pairing = Pairing.objects.create(monitor=monitor, session=session, **by.stamp(at))
    tell(session)
    _note(MonitorPaired(monitor=monitor.name, identifier=monitor.identifier), pairing, by=by, at=at)
    return pairing


@transaction.atomic
def unpair(session_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """From now on this monitor's values are nobody's."""
    session = locked_session(session_id)
    pairing = session.pairings.select_for_update().filter(ended_at__isnull=True).first()
    if pairing is None:
        raise rules.not_paired()
    pairing.ended_at = at
    pairing.save(update_fields=["ended_at"])
    tell(session)
    _note(
        MonitorUnpaired(monitor=pairing.monitor.name, identifier=pairing.monitor.identifier),
        pairing,
        by=by,
        at=at,
    )


def _note(event: DomainEvent, pairing: Pairing, *, by: Actor, at: datetime) -> None:
    record(
        event,
        by=by,
        at=at,
        patient_id=pairing.session.patient_id,
        subject=("session", pairing.session_id),
    )


def heard(pairing: Pairing, *, at: datetime) -> None:
    """The paired monitor has sent something. Kept to some seconds, since every change leaves a history row.

    Called inside the receiver's transaction, which writes the record.
    """
    if pairing.last_heard_at is not None and at - pairing.last_heard_at < HEARD_EVERY:
        return
    pairing.last_heard_at = at
    pairing.save(update_fields=["last_heard_at"])
    tell(pairing.session)
