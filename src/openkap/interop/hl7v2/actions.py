"""Taking a device's message in: read, place, keep, and only then say so.

AA is answered after the commit and never before; without a database there is no answer at all, so that
the sender keeps the message and sends it again (H31).
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from openkap.accounts.actor import Actor
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.dosing.actions import heard, take_vitals
from openkap.dosing.actions.watch import CLOCK_NOTED, Sent
from openkap.dosing.models import Pairing
from openkap.interop.hl7v2 import ack
from openkap.interop.hl7v2.message import Message, NotHL7, parse
from openkap.interop.hl7v2.models import DeviceMessage, MessageSettled
from openkap.interop.hl7v2.observations import Quarantined, Reading, Understood, understand
from openkap.interop.hl7v2.placing import Place, names_in, place, too_early
from openkap.interop.hl7v2.reading import moments, reading_as_json
from openkap.kernel.ids import uuid7
from openkap.kernel.measured import measured_in_truth
from openkap.kernel.refusal import Objection, Refused, refuse_if
from openkap.tenancy.context import inside
from openkap.tenancy.gates import clinic_ids, clinic_of_device
from openkap.tenancy.models import Clinic
from openkap.tenancy.news import publish

_log = logging.getLogger(__name__)
KINDS = ("ORU",)
NOT_OURS = "No clinic here owns a monitor of this name."
SEVERAL = "Monitors of more than one clinic go by the names in this message."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is answered. `reply` is None when the sender asked not to hear about it."""

    code: str
    reply: bytes | None


def _outcome(
    message: Message | None,
    code: str,
    *,
    at: datetime,
    control_id: str = "",
    fault: tuple[str, str] | None = None,
    text: str = "",
) -> Outcome:
    said = ack.Fault(*fault, text) if fault else None
    reply = ack.acknowledge(message, code, at=at, ack_id=uuid7().hex, control_id=control_id, fault=said)
    return Outcome(code, reply if ack.wanted(message, code) else None)


def receive(content: bytes, *, at: datetime) -> Outcome:
    """Take one frame in. A lost database is the caller's to notice: it comes out as Django's own error."""
    try:
        message = parse(content)
    except NotHL7 as error:
        _keep_unreadable(content, error, at=at)
        return _outcome(
            None, ack.FAILED, at=at, control_id=error.control_id, fault=ack.UNREADABLE, text=error.reason
        )
    if message.header.part(9, 1) not in KINDS:
        text = f"This listener takes observations (ORU), not {message.kind or 'a message without a type'}."
        return _outcome(message, ack.REJECTED, at=at, fault=ack.UNSUPPORTED_KIND, text=text)
    clinics = _clinics(understand(message, zone=ZoneInfo("UTC"), received_at=at))
    if len(clinics) != 1:
        text = SEVERAL if clinics else NOT_OURS
        return _outcome(message, ack.FAILED, at=at, fault=ack.INTERNAL, text=text)
    with inside(clinics[0], role="device"):
        _keep(clinics[0], message, content, at=at)
    return _outcome(message, ack.ACCEPTED, at=at)


def _clinics(found: Understood) -> list[uuid.UUID]:
    """The clinic that owns the sender; a house with one clinic also keeps what no monitor of it sent."""
    owners = {clinic for name in names_in(found) for clinic in clinic_of_device(name)}
    if owners:
        return list(owners)
    everyone = clinic_ids()
    return everyone if len(everyone) == 1 else []


def _known(content: bytes) -> bool:
    return DeviceMessage.objects.filter(content_hash=hashlib.sha256(content).digest()).exists()


def _keep_unreadable(content: bytes, error: NotHL7, *, at: datetime) -> None:
    """In a house with one clinic somebody there looks at it; with several it is nobody's to read."""
    clinics = clinic_ids()
    if len(clinics) != 1:
        _log.warning("A message of %d bytes could not be read: %s", len(content), error.reason)
        return
    with inside(clinics[0], role="device"):
        if _known(content):
            return
        found = Understood(control_id=error.control_id, sent_at=None)
        by = Actor.device(clinics[0], "A device")
        _write(uuid7(), found, Place(reason=error.reason), content, ack.FAILED, by=by, at=at)


def _keep(clinic_id: uuid.UUID, message: Message, content: bytes, *, at: datetime) -> None:
    """Read the message in its monitor's zone, place it, chart what may be charted, and journal it."""
    if _known(content):
        return
    zone = Clinic.objects.get(id=clinic_id).tz
    found = understand(message, zone=zone, received_at=at)
    where = place(found, at=at)
    if where.monitor is not None and where.monitor.zone:
        found = understand(message, zone=ZoneInfo(where.monitor.zone), received_at=at)
        where = place(found, at=at)
    key = uuid7()
    by = Actor.device(clinic_id, where.monitor.name if where.monitor else "A device")
    try:
        with transaction.atomic():
            if where.pairing is not None:
                found = _chart(found, where.pairing, key, by=by, at=at)
            _write(key, found, where, content, ack.ACCEPTED, by=by, at=at)
    except IntegrityError:
        if not _known(content):
            raise


def _chart(found: Understood, pairing: Pairing, key: uuid.UUID, *, by: Actor, at: datetime) -> Understood:
    """Hand the readings to the session, moment by moment; what it does not take is put aside with why."""
    heard(pairing, at=at)
    aside: list[Quarantined] = []
    kept: list[Reading] = []
    early = [one for one in found.readings if too_early(one, pairing)]
    for one in early:
        reason = f"{one.code.display}: measured before the monitor was paired with this session."
        aside.append(Quarantined(one.value_text, reason))
    for (moment, turn), group in moments([one for one in found.readings if one not in early]).items():
        client_id = uuid.uuid5(pairing.monitor_id, f"{moment.isoformat()}|{turn}")
        try:
            sent = found.sent_at.utc if found.sent_at else None
            true = measured_in_truth(moment, sent_at=sent, at=at)
            _take(group, pairing, key, client_id, measured_at=true, by=by, at=at)
            kept += group
        except Refused as refusal:
            aside += [Quarantined(one.value_text, f"{one.code.display}: {refusal}") for one in group]
    return replace(found, readings=tuple(kept), quarantined=(*found.quarantined, *aside))


def _take(
    group: list[Reading],
    pairing: Pairing,
    key: uuid.UUID,
    client_id: uuid.UUID,
    *,
    measured_at: datetime,
    by: Actor,
    at: datetime,
) -> None:
    with transaction.atomic():
        take_vitals(
            pairing.session_id,
            values={one.code.code: one.value for one in group},
            measured_at=measured_at,
            client_id=client_id,
            by=by,
            at=at,
            sent=Sent(
                source="monitor",
                monitor=pairing.monitor,
                message_id=key,
                systems={one.code.code: one.code.system for one in group},
                texts={one.code.code: one.value_text for one in group},
                channels={one.code.code: one.channel for one in group},
                notes={one.code.code: _note(one, measured_at) for one in group},
            ),
        )


def _note(one: Reading, measured_at: datetime) -> str:
    words = [one.note]
    back = one.measured_at.utc - measured_at
    if back > CLOCK_NOTED:
        words.append(f"The sender's clock is {back.seconds} s ahead; the time is set back by as much.")
    if one.measured_at.repeated_hour:
        words.append("Measured in the hour that the change of the clock repeats.")
    return " ".join(word for word in words if word)


def _write(
    key: uuid.UUID, found: Understood, where: Place, content: bytes, code: str, *, by: Actor, at: datetime
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
        reading=reading_as_json(found),
        demo=found.demo,
        reason=where.reason[:300],
        owner_id=owner_for(None) if waits else None,
        **by.stamp(at),
    )
    if waits:
        publish("inbox", clinic_id=by.clinic_id, message=key)
        details = {"reason": where.reason, "control_id": found.control_id}
        record("interop.message_put_aside", by=by, at=at, subject=("message", key), details=details)


@transaction.atomic
def settle(message_id: uuid.UUID, *, note: str, by: Actor, at: datetime) -> MessageSettled:
    """Somebody has looked at a message that waited. Its values stay nobody's; the message stays as is."""
    message = DeviceMessage.objects.filter(id=message_id).first()
    if message is None:
        raise Refused(Objection("message", "There is no such message here."))
    found = []
    if message.session_id is not None:
        found.append(Objection("placed", "This message is in a session already."))
    if MessageSettled.objects.filter(message=message).exists():
        found.append(Objection("settled", "Somebody has looked at this already."))
    if not note.strip():
        found.append(Objection("note", "Say what it was.", "note"))
    refuse_if(found)
    row = MessageSettled.objects.create(message=message, note=note.strip()[:300], **by.stamp(at))
    record("interop.message_settled", by=by, at=at, subject=("message", message.id), why=note)
    return row
