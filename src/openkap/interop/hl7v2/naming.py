"""Whom, where and what a message names: the people, the places, and the devices it comes by."""

from __future__ import annotations

from openkap.interop.hl7v2.charsets import NULL
from openkap.interop.hl7v2.message import Hl7Message, Hl7Segment


def patients(message: Hl7Message) -> tuple[str, ...]:
    """Every identifier the message gives its first person."""
    pid = message.first("PID")
    return _identifiers(pid) if pid else ()


def _identifiers(pid: Hl7Segment) -> tuple[str, ...]:
    sign = pid.delimiters.component
    identifiers = [pid.unescaped(item.split(sign)[0]).strip() for item in pid.repetitions(3)]
    return tuple(dict.fromkeys(item for item in identifiers if item and item != NULL))


def speaks_of_several(message: Hl7Message) -> bool:
    """Whether it brings results of several people or places: which value is whose cannot be told apart.

    PATIENT_RESULT may repeat in ORU^R01 (HL7 2.6, 7.3.1). The same person named again, by the same
    identifiers of the same authority, is one person.
    """
    people = {(pid.raw(3), "" if _identifiers(pid) else pid.raw(5)) for pid in message.every("PID")}
    places = {_place(pv1) for pv1 in message.every("PV1")} - {None}
    return len(people) > 1 or len(places) > 1


def location(message: Hl7Message) -> str | None:
    """Where the message says it comes from."""
    pv1 = message.first("PV1")
    return _place(pv1) if pv1 else None


def _place(pv1: Hl7Segment) -> str | None:
    parts = [pv1.given(3, number) for number in range(1, 5)]
    return "^".join(parts).rstrip("^") or None


def sender(message: Hl7Message) -> list[str]:
    """Every name a monitor of ours may be known by: what the device says of itself, then its place."""
    place = location(message)
    return [*devices(message), *([place] if place else [])]


def devices(message: Hl7Message) -> tuple[str, ...]:
    """The names of the sender, the nearest to the patient first: the monitor, then its gateway."""
    devices_named = [line.given(18) for line in message.segments if line.name == "OBX"]
    header = message.header
    devices_named += [header.given(3, 2), header.given(3, 1), header.given(4)]
    return tuple(dict.fromkeys(item for item in devices_named if item))
