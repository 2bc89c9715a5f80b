"""Taking a device's message in: read, place, keep, and only then say so.

AA is answered after the commit and never before; without a database there is no answer at all, so that
the sender keeps the message and sends it again (H31).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.interop import rules
from openkap.interop.events import DeviceMessageSettled
from openkap.interop.hl7v2 import ack, queries, reporting
from openkap.interop.hl7v2.actions.taking import Arrival, Journalled, journal, take_in
from openkap.interop.hl7v2.message import Hl7Message, NotHL7, keepable, parse
from openkap.interop.hl7v2.models import DeviceMessage, MessageSettled
from openkap.interop.hl7v2.placing import MessagePlace
from openkap.interop.hl7v2.understood import UnderstoodMessage
from openkap.interop.statements import InteropAlert, WaitingStatement
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if
from openkap.tenancy.clinics import clinic_ids, clinic_of_facility
from openkap.tenancy.context import inside
from openkap.watch import queries as watch_queries

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
    """Take one frame in. A lost database is the caller's to notice: it comes out as Django's own error."""
    [outcome] = receive_all([SentFrame(content, clinic_id)], at=at)
    assert outcome is not None  # one alone waits for its session
    return outcome


@dataclass(frozen=True, slots=True)
class SentFrame:
    """The bytes of one frame, and whose monitor spoke over its connection before, if any did."""

    content: bytes
    clinic_id: uuid.UUID | None = None


def receive_all(frames: Sequence[SentFrame], *, at: datetime) -> list[MessageOutcome | None]:
    """Take frames in that came together: those of a clinic in one write, so that all of them or none is kept.

    None is for a frame whose session somebody else holds: it is to be taken in by itself. A fault over one of
    them is the caller's to notice, who takes them in one by one then.
    """
    clinics = clinic_ids()
    read = [_parsed(frame, clinics=clinics) for frame in frames]
    of_clinic: dict[uuid.UUID, list[Arrival]] = {}
    for it in read:
        if it.clinic_id is None:
            raise NobodyHere(NOBODY)
        if it.message is not None and not it.reason:
            of_clinic.setdefault(it.clinic_id, []).append(Arrival(it.frame.content, it.message))
    later: set[bytes] = set()
    for clinic_id, arrivals in of_clinic.items():
        later.update(_take_in(clinic_id, arrivals, at=at))
    return [None if it.frame.content in later else _answered(it, at=at) for it in read]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A frame as it was parsed, whose it is, and why it is not taken; "" where it is."""

    frame: SentFrame
    clinic_id: uuid.UUID | None
    message: Hl7Message | None
    control_id: str
    reason: str = ""


def _parsed(frame: SentFrame, *, clinics: Sequence[uuid.UUID]) -> _Parsed:
    spoken_for = frame.clinic_id or next(iter(clinics), None)
    try:
        message = parse(frame.content)
    except NotHL7 as error:
        return _Parsed(frame, spoken_for, None, error.control_id, error.reason)
    clinic = _whose(message, clinics) or spoken_for
    if message.header.part(9, 1) in KINDS:
        return _Parsed(frame, clinic, message, message.control_id)
    text = f"This listener takes observations (ORU), not {message.kind or 'a message without a type'}."
    return _Parsed(frame, clinic, message, message.control_id, text)


def _take_in(clinic_id: uuid.UUID, arrivals: Sequence[Arrival], *, at: datetime) -> list[bytes]:
    try:
        with inside(clinic_id, role="device"):
            return take_in(clinic_id, arrivals, at=at)
    except IntegrityError:
        if len(arrivals) > 1:
            raise
        with inside(clinic_id, role="device"):  # another connection brought it at the same moment
            if not queries.known([arrivals[0].content], at=at):
                raise
        return []


def _answered(it: _Parsed, *, at: datetime) -> MessageOutcome:
    """What is answered to a frame whose readings are committed, or that is kept as it came."""
    if not it.reason:
        return _outcome(it.message, ack.ACCEPTED, at=at, clinic=it.clinic_id)
    keeper = keep_unread(
        it.frame.content, reason=it.reason, at=at, clinic_id=it.clinic_id, control_id=it.control_id
    )
    code, fault = (ack.FAILED, ack.UNREADABLE) if it.message is None else (ack.REJECTED, ack.UNSUPPORTED_KIND)
    return _outcome(
        it.message, code, at=at, clinic=keeper, control_id=it.control_id, fault=fault, text=it.reason
    )


def _whose(message: Hl7Message, clinics: Sequence[uuid.UUID]) -> uuid.UUID | None:
    """The clinic a message is for: the one whose receiving facility it names (MSH-6), or the first one here.

    A monitor's name is its clinic's own: what another clinic calls its monitors changes nothing here.
    """
    if len(clinics) > 1:
        named = clinic_of_facility(message.header.given(6))
        if named is not None:
            return named
    return clinics[0] if clinics else None


def _of_the_installation(clinic_id: uuid.UUID | None) -> uuid.UUID | None:
    if clinic_id is not None:
        return clinic_id
    return next(iter(clinic_ids()), None)


def report_turned_away(address: str, open_now: int, *, at: datetime) -> None:
    """A monitor could not connect: every clinic here gets an alert."""
    clinic = _of_the_installation(None)
    if clinic is not None:
        reporting.report_turned_away(clinic, address, open_now=open_now, at=at)


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
        if not queries.known([content], at=at):
            by = Actor.device(clinic, "A device")
            unread = Journalled(
                uuid7(),
                content,
                UnderstoodMessage(control_id=keepable(control_id), sent_at=None),
                MessagePlace(reason=WaitingStatement.AS_ANSWERED(text=keepable(reason)[:300])),
                by,
                code=ack.FAILED,
            )
            journal([unread], sensors=watch_queries.sensors(), at=at)
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


@transaction.atomic
def settle(message_id: uuid.UUID, *, note: str, by: Actor, at: datetime) -> MessageSettled:
    """Somebody has looked at a message that waited. Its values stay nobody's; the message stays as is."""
    message = DeviceMessage.objects.filter(id=message_id).first()
    if message is None:
        raise rules.no_such_message()
    settled = MessageSettled.objects.filter(message=message).exists()
    in_a_session = message.session_id is not None
    refuse_if(rules.objections_to_settling(in_a_session=in_a_session, settled=settled, note=note))
    settlement = MessageSettled.objects.create(message=message, note=note.strip()[:300], **by.stamp(at))
    record(DeviceMessageSettled(), by=by, at=at, subject=("message", message.id), why=note)
    return settlement
