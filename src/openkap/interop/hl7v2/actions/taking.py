"""Messages of one clinic that arrive together: each placed, charted and journalled, in one write for all.

What a write costs (the lock, the journal, the record, the disk) is paid once for all that came meanwhile.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from openkap.accounts.actor import Actor
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.defaults import queries as defaults
from openkap.interop.events import MessagePutAside
from openkap.interop.hl7v2 import ack, queries
from openkap.interop.hl7v2.charting import ToChart, chart, hold, not_charted
from openkap.interop.hl7v2.message import Hl7Message
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.interop.hl7v2.observations import understand
from openkap.interop.hl7v2.placing import MessagePlace, monitors_of, place
from openkap.interop.hl7v2.reading import reading_as_json
from openkap.interop.hl7v2.understood import UnderstoodMessage
from openkap.interop.numbers import InteropNumbers
from openkap.kernel.ids import uuid7
from openkap.tenancy.models import Clinic
from openkap.tenancy.notifications import publish
from openkap.watch import queries as watch_queries
from openkap.watch.actions import put_aside
from openkap.watch.actions.vitals import note_taken
from openkap.watch.models import Monitor
from openkap.watch.numbers import SensorNumbers
from openkap.watch.readings import Sensors, sensors_by


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came, byte for byte, and as it was parsed."""

    content: bytes
    message: Hl7Message


@dataclass(frozen=True, slots=True)
class Journalled:
    """A message as it is written in the journal."""

    key: uuid.UUID
    content: bytes
    understood: UnderstoodMessage
    where: MessagePlace
    by: Actor
    code: str = ack.ACCEPTED


def take_in(clinic_id: uuid.UUID, arrivals: Sequence[Arrival], *, at: datetime) -> list[bytes]:
    """Find whose monitors they are, read each in its zone, chart what may be charted, journal them all.

    One message waits for its session as long as it may. Of several, those whose session somebody else holds
    are left for later, and returned: nobody's values wait for another person's session.
    """
    new = _new(arrivals, at=at)
    if not new:
        return []
    numbers, sensors = defaults.pair(InteropNumbers, SensorNumbers)
    read = _read(clinic_id, new, numbers=numbers, at=at)
    placed = [ToChart(it.key, it.understood, it.where.pairing, it.by) for it in read if it.where.pairing]
    held = hold(placed, wait=len(arrivals) == 1) if placed else []
    charted, taken = chart(held, at=at) if held else ([], [])
    said_of = {one.key: said for one, said in zip(held, charted, strict=True)}
    later = {one.key for one in placed} - set(said_of)
    journalled = [
        Journalled(it.key, it.content, said_of.get(it.key, it.understood), it.where, it.by)
        for it in read
        if it.key not in later
    ]
    journal(journalled, sensors=sensors_by(sensors), at=at)
    for it in journalled:
        if it.where.awaited_in is not None:
            aside = not_charted(it.understood, it.where)
            put_aside(it.where.awaited_in, aside, message_id=it.key, by=it.by, at=at)
    note_taken(taken, at=at)
    return [it.content for it in read if it.key in later]


def _new(arrivals: Sequence[Arrival], *, at: datetime) -> list[Arrival]:
    """What has not come before: the same bytes are one message, however often they come."""
    by_content = {it.content: it for it in arrivals}
    known = queries.known(by_content, at=at)
    return [it for content, it in by_content.items() if content not in known]


def _read(
    clinic_id: uuid.UUID, arrivals: Sequence[Arrival], *, numbers: InteropNumbers, at: datetime
) -> list[Journalled]:
    """Each message as its monitor's zone makes it read, and where it goes."""
    monitors = monitors_of([it.message for it in arrivals])
    alone = [some[0].id for some in monitors if len(some) == 1]
    pairings = watch_queries.pairings_now(alone)
    zone = Clinic.objects.get(id=clinic_id).tz
    read = []
    for it, some in zip(arrivals, monitors, strict=True):
        understood = understand(it.message, zone=_zone(some, zone), received_at=at)
        where = place(understood, some, pairings=pairings, numbers=numbers, at=at)
        by = Actor.device(clinic_id, where.monitor.name if where.monitor else "A device")
        read.append(Journalled(uuid7(), it.content, understood, where, by))
    return read


def _zone(monitors: Sequence[Monitor], clinic: ZoneInfo) -> ZoneInfo:
    """The zone a monitor's clock is set to: its own where it says one, or the clinic's."""
    own = monitors[0].zone if len(monitors) == 1 else ""
    return ZoneInfo(own) if own else clinic


def journal(several: Sequence[Journalled], *, sensors: Sensors, at: datetime) -> None:
    """Write messages down as they came; who looks after those that wait is told."""
    waiting = [it for it in several if it.where.pairing is None]
    owner = owner_for(None) if waiting else None
    DeviceMessage.objects.bulk_create(
        DeviceMessage(
            id=it.key,
            control_id=it.understood.control_id[:199],
            content=it.content,
            content_hash=hashlib.sha256(it.content).digest(),
            ack=it.code,
            patient_named=(it.understood.patient or "")[:120],
            location=(it.understood.location or "")[:200],
            monitor=it.where.monitor,
            session=it.where.pairing.session if it.where.pairing else None,
            reading=reading_as_json(it.understood, sensors=sensors, at=at),
            demo=it.understood.demo,
            reason=it.where.reason,
            owner_id=owner if it.where.pairing is None else None,
            **it.by.stamp(at),
        )
        for it in several
    )
    for it in waiting:
        publish("inbox", clinic_id=it.by.clinic_id, about=it.key)
        reason = it.where.reason.code if it.where.reason else ""
        aside = MessagePutAside(reason=reason, control_id=it.understood.control_id)
        record(aside, by=it.by, at=at, subject=("message", it.key))
