"""Read the results of one message: what is a reading, what is absent, and what must wait for a person.

Nothing is guessed: a code, unit, number or time outside what is known goes to quarantine with a reason;
a sensor that found nothing is absent; demonstration data is never a reading. Readings come out as they
were measured; whether they can be true of a person is `dosing.plausibility`'s question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from openkap.interop.hl7v2 import codes, naming
from openkap.interop.hl7v2.clock import Clock, sent_at, time_or_none
from openkap.interop.hl7v2.message import Hl7Message, Hl7Segment
from openkap.interop.hl7v2.timestamps import NotATime
from openkap.interop.hl7v2.understood import (
    Alarm,
    Quarantined,
    SentReading,
    UnderstoodMessage,
    Waveform,
    not_taken,
)
from openkap.kernel.code import Code

TYPED_IN = "Weight and height typed into a monitor are not measurements of today."
CORRECTED = "Sent as the correction of an earlier value."
_NUMBER = re.compile(r"[+-]?\d{1,10}(\.\d{1,6})?\Z")
_ABSENT_STATES = frozenset({"X"})
_READING_STATES = frozenset({"", "F", "R", "P", "C", "U"})
_DEMONSTRATION_FLAGS = frozenset({"DEMO", "TEST"})
_ABSENT_FLAGS = frozenset({"NAV", "ONGOING"})
_UNTRUSTED_FLAGS = {
    "INV": "The monitor marks the value invalid.",
    "QUES": "The monitor marks the value questionable.",
    "CALIB": "The monitor was calibrating.",
}


@dataclass(slots=True)
class _MessageRead:
    readings: list[SentReading] = field(default_factory=list)
    absent: list[Code] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    waveforms: dict[str, Waveform] = field(default_factory=dict)
    alarms: list[Alarm] = field(default_factory=list)
    demo: bool = False


def understand(message: Hl7Message, *, zone: ZoneInfo, received_at: datetime) -> UnderstoodMessage:
    """Read every line of a message. `zone` is the device's, for times sent without an offset."""
    message_read = _MessageRead(demo=message.header.part(11) in ("T", "D"))
    sent = message.header.given(7)
    clock = Clock(zone, received_at, sent)
    for line in message.segments:
        if line.name == "OBR":
            clock = Clock(zone, received_at, line.given(7) or sent)
        elif line.name == "OBX":
            clock.note(line)
            _read_line(line, clock, so_far=message_read)
    readings = _without_contradictions(message_read)
    return UnderstoodMessage(
        control_id=message.control_id,
        sent_at=sent_at(message, zone, near=received_at),
        patients=naming.patients(message),
        location=naming.location(message),
        devices=naming.devices(message),
        readings=() if message_read.demo else readings,
        absent=() if message_read.demo else tuple(message_read.absent),
        quarantined=tuple(message_read.quarantined),
        waveforms=tuple(message_read.waveforms.values()),
        alarms=tuple(message_read.alarms),
        demo=message_read.demo,
        several=naming.speaks_of_several(message),
        says_when_sent=time_or_none(sent, zone, near=received_at) is not None,
    )


def _read_line(line: Hl7Segment, clock: Clock, *, so_far: _MessageRead) -> None:
    flags = line.codes(8)
    if flags & _DEMONSTRATION_FLAGS:
        so_far.demo = True
        return
    kind, name = line.part(2), line.part(3, 2)
    if kind in ("NA", "MA"):
        samples = len(line.parts(5))
        so_far.waveforms[line.part(4)] = Waveform(line.part(3), samples)
    elif name.startswith("MDC_ATTR_"):
        _read_attribute(line, so_far)
    elif name.startswith("MDC_EVT_"):
        so_far.alarms.append(Alarm(line.part(3), line.part(5, 2) or line.part(5) or name))
    elif not kind and not line.raw(5):
        return  # a row that only names a device, a module or a channel
    else:
        _read_value(line, clock, so_far=so_far, flags=flags)


def _read_attribute(line: Hl7Segment, so_far: _MessageRead) -> None:
    """An attribute describes the waveform whose channel it extends; it is never a reading."""
    owner = next((key for key in so_far.waveforms if key and line.part(4).startswith(key + ".")), None)
    if owner is None:
        return
    wave, value = so_far.waveforms[owner], line.part(5)
    if line.part(3, 2) == "MDC_ATTR_SAMP_RATE":
        so_far.waveforms[owner] = Waveform(wave.code, wave.samples, value, wave.resolution, wave.unit)
    elif line.part(3, 2) == "MDC_ATTR_NU_MSMT_RES":
        unit = "mV" if line.part(6) == "266418" else line.part(6, 2)
        so_far.waveforms[owner] = Waveform(wave.code, wave.samples, wave.hertz, value, unit)


def _read_value(line: Hl7Segment, clock: Clock, *, so_far: _MessageRead, flags: frozenset[str]) -> None:
    triples = _triples(line, 3)
    if any((system, number) in codes.WEIGHT_AND_HEIGHT for number, _, system in triples):
        if line.raw(5).strip():
            so_far.quarantined.append(_aside(line, TYPED_IN))
        return
    try:
        code = _meaning(line, triples)
    except codes.NotAllowed as error:
        so_far.quarantined.append(_aside(line, str(error)))
        return
    if line.part(11) in _ABSENT_STATES or flags & _ABSENT_FLAGS or not line.raw(5).strip():
        so_far.absent.append(code)
        return
    value = _one_number(line)
    if value in codes.SENTINELS:
        so_far.absent.append(code)
        return
    against = _against(line, code, value=value, flags=flags)
    if against:
        so_far.quarantined.append(against)
        return
    try:
        so_far.readings.append(_reading(line, code, value=value, clock=clock))
    except (codes.NotAllowed, NotATime) as error:
        raw = line.raw(6) if isinstance(error, codes.NotAllowed) else clock.text_for(line)
        so_far.quarantined.append(_aside(line, f"{code.display}: {error}", code=code, raw=raw))


def _aside(
    line: Hl7Segment, reason: str, *, code: Code | None = None, raw: str = "", passes: bool = False
) -> Quarantined:
    """The line put aside. The room is told of a code this clinic takes, unless the reason will pass."""
    return Quarantined(
        raw=raw or line.raw(3),
        reason=reason,
        what=code.display if code else line.part(3, 2) or line.part(3) or "a value without a name",
        value_text=f"{line.raw(5)} {codes.unit_in_words(line.part(6, 2) or line.part(6))}".strip(),
        expected=code is not None and not passes,
    )


def _one_number(line: Hl7Segment) -> str:
    """The value as one number: of NM the whole, of SN what stands after an empty or equal comparator.

    Empty when it is more, less or other than one number: then it is quarantined as sent, never absent.
    """
    parts = line.parts(5)
    if line.part(2) == "SN" and len(parts) == 2 and parts[0].strip() in ("", "="):
        return parts[1].strip()
    return parts[0].strip() if len(parts) == 1 else ""


def _against(line: Hl7Segment, code: Code, *, value: str, flags: frozenset[str]) -> Quarantined | None:
    """Why the value of a known code may not be taken as it stands."""
    for flag, reason in _UNTRUSTED_FLAGS.items():
        if flag in flags:
            return _aside(line, reason, code=code, passes=True)
    if line.part(11) not in _READING_STATES:
        return _aside(line, f"The result status {line.part(11)} is not a measured result.", code=code)
    if line.part(2) not in ("NM", "SN"):
        kind = line.part(2) or "is missing and"
        return _aside(line, f"The value type {kind} is not a number.", code=code)
    if len(line.repetitions(5)) > 1 or not _NUMBER.match(value):
        name = line.part(3, 2) or line.part(3)
        return _aside(line, f"{name}: this is not one number.", code=code, raw=line.raw(5))
    return None


def _reading(line: Hl7Segment, code: Code, *, value: str, clock: Clock) -> SentReading:
    unit = codes.unit_of(_triples(line, 6))
    if unit != codes.UNIT_OF[code]:
        raise codes.NotAllowed(f"the unit {unit} is not {codes.UNIT_OF[code]}.")
    return SentReading(
        code=code,
        value=Decimal(value),
        value_text=value,
        unit=unit,
        measured_at=clock.time_of(line),
        channel=".".join(line.part(4).split(".")[:3]),
        note=" ".join(
            it for it in (codes.NOTE_OF.get(code, ""), CORRECTED if line.part(11) == "C" else "") if it
        ),
    )


def _meaning(line: Hl7Segment, triples: list[tuple[str, str, str]]) -> Code:
    code = codes.meaning_of(triples)
    source = (line.part(17, 3), line.part(17, 1))
    return codes.OXIMETER_PULSE if code == codes.PULSE and source in codes.OXIMETER_SOURCES else code


def _triples(line: Hl7Segment, number: int) -> list[tuple[str, str, str]]:
    """A coded element and its alternate, those that are filled."""
    pairs = [tuple(line.part(number, start + offset) for offset in range(3)) for start in (1, 4)]
    return [(pair[0], pair[1], pair[2]) for pair in pairs if pair[0]]


def _without_contradictions(sent: _MessageRead) -> tuple[SentReading, ...]:
    """Two different values for one reading, channel and moment: neither is taken."""
    values: dict[tuple[Code, str, datetime], set[Decimal]] = {}
    for reading in sent.readings:
        values.setdefault((reading.code, reading.channel, reading.measured_at.utc), set()).add(reading.value)
    kept: list[SentReading] = []
    for reading in sent.readings:
        if len(values[(reading.code, reading.channel, reading.measured_at.utc)]) > 1:
            reason = f"{reading.code.display}: the message gives two different values for one moment."
            sent.quarantined.append(not_taken(reading, reason))
        elif reading not in kept:
            kept.append(reading)
    return tuple(kept)
