"""Taking a device's message in: read, place, keep, and only then say so.

AA is answered after the commit and never before; without a database there is no answer at all, so that
the sender keeps the message and sends it again (H31).
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from openkap.accounts.actor import Actor
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.interop import rules
from openkap.interop.events import DeviceMessageSettled, MessagePutAside
from openkap.interop.hl7v2 import ack, reporting
from openkap.interop.hl7v2.charting import chart, not_charted
from openkap.interop.hl7v2.message import Hl7Message, NotHL7, keepable, parse
from openkap.interop.hl7v2.models import DeviceMessage, MessageSettled
from openkap.interop.hl7v2.observations import understand
from openkap.interop.hl7v2.placing import MessagePlace, monitors_of, place
from openkap.interop.hl7v2.reading import reading_as_json
from openkap.interop.hl7v2.understood import UnderstoodMessage
from openkap.interop.statements import InteropAlert, WaitingStatement
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if
from openkap.tenancy.clinics import clinic_ids, clinic_of_facility
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic
from openkap.tenancy.notifications import publish
from openkap.watch import queries as watch_queries
from openkap.watch.actions import put_aside

KINDS = ("ORU",)
NOBODY = "No clinic stands here yet."


@dataclass(frozen=True, slots=True)
class MessageOutcome:
    """What is answered. `reply` is None when the sender asked not to hear about it."""

    code: str
    reply: bytes | None
    clinic: uuid.UUID | None = None


def _outcome(
    message: Hl7Message | None,
    code: str,
    *,
    at: datetime,
    clinic: uuid.UUID | None = None,
    control_id: str = "",
    fault: tuple[str, str] | None = None,
    text: str = "",
) -> MessageOutcome:
    said = ack.Fault(*fault, text) if fault else None
    reply = ack.acknowledge(message, code, at=at, ack_id=uuid7().hex, control_id=control_id, fault=said)
    return MessageOutcome(code, reply if ack.wanted(message, code) else None, clinic)


def receive(content: bytes, *, at: datetime, clinic_id: uuid.UUID | None = None) -> MessageOutcome:
    """Take one frame in. A lost database is the caller's to notice: it comes out as Django's own error.

    `clinic_id`: whose monitor spoke over this connection before, for bytes that do not say whose they are.
    """
    try:
        message = parse(content)
    except NotHL7 as error:
        keeper = keep_unread(
            content, reason=error.reason, at=at, clinic_id=clinic_id, control_id=error.control_id
        )
        fault = {"fault": ack.UNREADABLE, "text": error.reason}
        return _outcome(None, ack.FAILED, at=at, clinic=keeper, control_id=error.control_id, **fault)  # type: ignore[arg-type]
    clinic = whose(message) or _of_the_installation(clinic_id)
    if clinic is None:
        raise NobodyHere(NOBODY)
    if message.header.part(9, 1) not in KINDS:
        text = f"This listener takes observations (ORU), not {message.kind or 'a message without a type'}."
        keep_unread(content, reason=text, at=at, clinic_id=clinic, control_id=message.control_id)
        return _outcome(message, ack.REJECTED, at=at, clinic=clinic, fault=ack.UNSUPPORTED_KIND, text=text)
    with inside(clinic, role="device"):
        _keep(clinic, message, content=content, at=at)
    return _outcome(message, ack.ACCEPTED, at=at, clinic=clinic)


def whose(message: Hl7Message) -> uuid.UUID | None:
    """The clinic a message is for: the one whose receiving facility it names (MSH-6), or the first one here.

    A monitor's name is its clinic's own: what another clinic calls its monitors changes nothing here.
    """
    everyone = clinic_ids()
    if len(everyone) > 1:
        named = clinic_of_facility(message.header.given(6))
        if named is not None:
            return named
    return everyone[0] if everyone else None


def _of_the_installation(clinic_id: uuid.UUID | None) -> uuid.UUID | None:
    if clinic_id is not None:
        return clinic_id
    return next(iter(clinic_ids()), None)


def report_turned_away(address: str, open_now: int, *, at: datetime) -> None:
    """A monitor could not connect: every clinic here gets an alert."""
    clinic = _of_the_installation(None)
    if clinic is not None:
        reporting.report_turned_away(clinic, address, open_now=open_now, at=at)


def _known(content: bytes) -> bool:
    return DeviceMessage.objects.filter(content_hash=hashlib.sha256(content).digest()).exists()


def keep_unread(
    content: bytes, *, reason: str, at: datetime, clinic_id: uuid.UUID | None = None, control_id: str = ""
) -> uuid.UUID:
    """Keep what could not be taken, byte for byte, with an owner, where people look: nothing is lost (H34).

    Raises when there is nobody to keep it for; then the sender must not be told that it arrived.
    """
    clinic = _of_the_installation(clinic_id)
    if clinic is None:
        raise NobodyHere(NOBODY)
    with inside(clinic, role="device"):
        if not _known(content):
            found = UnderstoodMessage(control_id=keepable(control_id), sent_at=None)
            by = Actor.device(clinic, "A device")
            _write(
                uuid7(),
                found,
                where=MessagePlace(reason=WaitingStatement.AS_ANSWERED(text=keepable(reason)[:300])),
                content=content,
                code=ack.FAILED,
                by=by,
                at=at,
            )
            reporting.tell(
                "message_unreadable",
                InteropAlert.UNREADABLE(why=keepable(reason)),
                about=reason,
                by=by,
                at=at,
            )
    return clinic


class NobodyHere(Exception):
    """No clinic stands here yet that could keep what was sent."""


def _keep(clinic_id: uuid.UUID, message: Hl7Message, *, content: bytes, at: datetime) -> None:
    """Find whose monitor it is, read the message once in its zone, chart what may be charted, journal it."""
    if _known(content):
        return
    monitors = monitors_of(message)
    zone_names = [it.zone for it in monitors if it.zone] if len(monitors) == 1 else []
    zone = ZoneInfo(zone_names[0]) if zone_names else Clinic.objects.get(id=clinic_id).tz
    found = understand(message, zone=zone, received_at=at)
    where = place(found, monitors, at=at)
    key = uuid7()
    by = Actor.device(clinic_id, where.monitor.name if where.monitor else "A device")
    try:
        with transaction.atomic():
            if where.pairing is not None:
                found = chart(found, where.pairing, key=key, by=by, at=at)
            _write(key, found, where=where, content=content, code=ack.ACCEPTED, by=by, at=at)
            if where.awaited_in is not None:
                aside = not_charted(found, where)
                put_aside(where.awaited_in, aside, message_id=key, by=by, at=at)
    except IntegrityError:
        if not _known(content):
            raise


def _write(
    key: uuid.UUID,
    found: UnderstoodMessage,
    *,
    where: MessagePlace,
    content: bytes,
    code: str,
    by: Actor,
    at: datetime,
) -> None:
    waits = where.pairing is None
    DeviceMessage.objects.create(
        id=key,
        control_id=found.control_id[:199],
        content=content,
        content_hash=hashlib.sha256(content).digest(),
        ack=code,
        patient_named=(found.patient or "")[:120],
        location=(found.location or "")[:200],
        monitor=where.monitor,
        session=where.pairing.session if where.pairing else None,
        reading=reading_as_json(found, sensors=watch_queries.sensors(), at=at),
        demo=found.demo,
        reason=where.reason,
        owner_id=owner_for(None) if waits else None,
        **by.stamp(at),
    )
    if waits:
        publish("inbox", clinic_id=by.clinic_id, message=key)
        aside = MessagePutAside(reason=where.reason.code if where.reason else "", control_id=found.control_id)
        record(aside, by=by, at=at, subject=("message", key))


@transaction.atomic
def settle(message_id: uuid.UUID, *, note: str, by: Actor, at: datetime) -> MessageSettled:
    """Somebody has looked at a message that waited. Its values stay nobody's; the message stays as is."""
    message = DeviceMessage.objects.filter(id=message_id).first()
    if message is None:
        raise rules.no_such_message()
    settled = MessageSettled.objects.filter(message=message).exists()
    in_a_session = message.session_id is not None
    refuse_if(rules.objections_to_settling(in_a_session=in_a_session, settled=settled, note=note))
    row = MessageSettled.objects.create(message=message, note=note.strip()[:300], **by.stamp(at))
    record(DeviceMessageSettled(), by=by, at=at, subject=("message", message.id), why=note)
    return row
