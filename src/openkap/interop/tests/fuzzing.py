"""Inputs bent at random, each by its number: what may never happen is looked for, however they are bent.

One execution is a number; the same number bends the same input the same way, so that a failure can be run
again and a long run goes on where it stopped. `make test` runs ten thousand of each, `make faults` a million.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from openkap.interop.fhir.bundle import UnderstoodBundle, load, read_bundle
from openkap.interop.fhir.reading import BundleRefused
from openkap.interop.fhir.tests import samples as fhir
from openkap.interop.hl7v2.clock import CLOCK_AHEAD_AT_MOST
from openkap.interop.hl7v2.framing import Frame, Framer, framed
from openkap.interop.hl7v2.message import Hl7Message, NotHL7, parse
from openkap.interop.hl7v2.observations import understand
from openkap.interop.hl7v2.reading import reading_as_json
from openkap.interop.hl7v2.tests import samples as hl7
from openkap.interop.referrals.commands import as_json
from openkap.watch.tests.numbers import SENSORS

AT = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
TODAY = date(2026, 11, 23)
NASTY_BYTES = (
    b"\x0b", b"\x1c", b"\x1c\x0d", b"\r", b"\n", b"\r\n", b"|", b"^", b"~", b"\\", b"&", b'""', b"\x00",
    b"MSH|^~\\&|", b"PID|||KAP-0777", b"OBX|9|NM|", b"\\XFF\\", b"\\X0D\\", b"99999999999999999999", b"NaN",
    b"-", b"\xff",
    b"20990101000000+0000", b"20260310", b"UNICODE UTF-8", b"8859/1", "é".encode(), b"SN", b"^88", b"1.1.9.0",
)  # fmt: skip
NASTY_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**400, 1e308, float("nan"), float("inf"), "", " ", "\x00", "\ud800", "\u202e",
    "#", "#a", "urn:uuid:x", "1980", "1980-13-45", "9999-99-99T99:99:99Z", "entered-in-error", "active",
    [], {}, [[]], [None], {"a": {}}, {"coding": 7}, {"reference": 7}, {"reference": "#"},
    {"coding": [{"code": []}]}, "Bundle", "Patient", "x" * 5_000,
)  # fmt: skip
FOREIGN = "belongs to somebody else"


def _messages() -> list[bytes]:
    channel = "OBX|2||70687^MDC_DEV_PRESS_BLD_NONINV_CHAN^MDC|1.1.9.0|||||||X|||20260310134000+0000"
    cuff = hl7.value_line(hl7.SYSTOLIC, "162", hl7.MMHG, channel="1.1.9.1")
    probe = hl7.value_line(hl7.SATURATION, "97", hl7.PERCENT)
    structured = hl7.value_line(hl7.SATURATION, "^88", hl7.PERCENT, kind="SN", flags="QUES^^HL70078")
    wave = "OBX|3|NA|131329^MDC_ECG_ELEC_POTL_I^MDC|1.4.1.1|1^2^3||||||R"
    return [
        hl7.message_of(channel, cuff, probe),
        hl7.message_of(structured, wave, cuff),
        hl7.message_of(probe, "NTE|1||says \\F\\ \\XC3A9\\", header=hl7.HEADER.replace("|2.6|", "|2.4|")),
    ]


MESSAGES = _messages()


def _bent(content: bytes, rng: random.Random) -> bytes:
    """The bytes with a few changes: cut, doubled, exchanged, or with something nasty put in."""
    bent = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        place, end = sorted(rng.randrange(len(bent) + 1) for _ in range(2))
        match rng.randrange(6):
            case 0:
                bent[place:place] = rng.choice(NASTY_BYTES)
            case 1:
                bent[place : place + rng.randint(1, 8)] = rng.choice(NASTY_BYTES)
            case 2:
                del bent[place : min(end, place + 40)]
            case 3:
                bent[place:place] = bent[place : min(end, place + 200)]
            case 4 if bent:
                bent[rng.randrange(len(bent))] = rng.randrange(256)
            case _:
                lines = bytes(bent).split(b"\r")
                rng.shuffle(lines)
                bent = bytearray(b"\r".join(lines))
    return bytes(bent)


def bend_a_message(number: int) -> bool:
    """One stream of bytes through the framer and the reader: whether anything was read.

    Raises `AssertionError` for what may never be.
    """
    rng = random.Random(number)
    content = _bent(rng.choice(MESSAGES), rng)
    stream = framed(content) if rng.random() < 0.8 else _bent(framed(content), rng)
    framer, events = Framer(), []
    while stream:
        cut = rng.randint(1, len(stream))
        events += framer.feed(stream[:cut])
        stream = stream[cut:]
    events += framer.close()
    return sum(_read_message(event.content) for event in events if isinstance(event, Frame)) > 0


def _read_message(content: bytes) -> bool:
    try:
        message = parse(content)
    except NotHL7 as refusal:
        why = refusal.reason
    else:
        return _is_true(message)
    assert why
    return False


def _is_true(message: Hl7Message) -> bool:
    found = understand(message, zone=ZoneInfo("UTC"), received_at=AT)
    named = {pid.raw(3) for pid in message.every("PID")}
    assert found.several or len(named) <= 1, "several people, and nobody says so"
    for reading in found.readings:
        assert reading.value.is_finite()
        assert reading.measured_at.utc <= AT + CLOCK_AHEAD_AT_MOST, "newer than it can have been measured"
    printed = reading_as_json(found, sensors=SENSORS, at=AT)
    assert all(datetime.fromisoformat(it["measured_at"]) <= AT for it in printed["stored"]), (
        "newer than received"
    )
    json.dumps(printed)
    return bool(printed["stored"])


def _foreign() -> list[dict[str, Any]]:
    """Entries about somebody else, in every way a bundle can say so; none may be read as the patient's."""
    mark = {"text": FOREIGN}
    told = {"verificationStatus": fhir.concept("x", "confirmed", "x"), "code": mark}
    weight = {**fhir.WEIGHT["code"], **mark}
    return [
        _entry(fhir.about("Condition", **told), "f1", at=fhir.ELSEWHERE, subject={"reference": "Patient/p1"}),
        _entry(fhir.about("Condition", **told), "f2", subject={"reference": "Patient/zz-other"}),
        _entry(fhir.about("AllergyIntolerance", code=mark), "f3", subject={"display": "Amara Osei"}),
        _entry(fhir.WEIGHT, "f4", code=weight, focus=[{"reference": "x"}]),
        _entry(fhir.SERTRALINE, "f5", medicationCodeableConcept=mark, subject={"reference": "#p1"}),
        _entry(fhir.WEIGHT, "f6", code=weight, patient={"reference": "Patient/q"}),
    ]


def _entry(resource: dict[str, Any], identifier: str, *, at: str = "", **fields: Any) -> dict[str, Any]:
    address = {"fullUrl": f"{at}/{resource['resourceType']}/{identifier}"} if at else {}
    return {**address, "resource": {**copy.deepcopy(resource), "id": identifier, **fields}}


def _bend_json(value: Any, rng: random.Random) -> None:
    """One change somewhere below this value."""
    while isinstance(value, dict | list) and value:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = rng.choice(keys)
        below = value[key]
        if isinstance(below, dict | list) and below and rng.random() < 0.8:
            value = below
            continue
        match rng.randrange(4):
            case 0:
                del value[key]
            case 1 if isinstance(value, list):
                value.append(copy.deepcopy(below))
            case 2 if isinstance(value, dict):
                value[rng.choice(keys)] = copy.deepcopy(below)
            case _:
                value[key] = copy.deepcopy(rng.choice(NASTY_VALUES))
        return


def bend_a_bundle(number: int) -> bool:
    """One bundle through the reader: whether anything was read.

    Raises `AssertionError` for what may never be.
    """
    rng = random.Random(number)
    allergy = fhir.about("AllergyIntolerance", code=fhir.concept(fhir.SNOMED, "1", "latex"))
    letter = fhir.about("DocumentReference", content=[{"attachment": {"data": "JVBERi0="}}])
    whole = fhir.bundle(fhir.DEPRESSION, fhir.SERTRALINE, fhir.WEIGHT, fhir.PRESSURE, allergy, letter)
    for _ in range(rng.randint(1, 5)):
        _bend_json(whole["entry"], rng)
    if isinstance(whole["entry"], list):
        foreign = _foreign()
        rng.shuffle(foreign)
        whole["entry"] += foreign
        if rng.random() < 0.5:
            rng.shuffle(whole["entry"])
    if number % 10 == 0:
        content = _bent(json.dumps(whole, default=str).encode(errors="replace"), rng)
        _read_bundle(lambda: read_bundle(load(content), today=TODAY), whose=False)
    return _read_bundle(lambda: read_bundle(whole, today=TODAY))


def _read_bundle(read: Callable[[], UnderstoodBundle], *, whose: bool = True) -> bool:
    try:
        found = read()
    except BundleRefused as refusal:
        problems = refusal.problems
    else:
        return _is_hers(found, whose=whose)
    assert all(it.path and it.text for it in problems)
    return False


def _is_hers(found: UnderstoodBundle, *, whose: bool) -> bool:
    at = datetime.combine(TODAY, datetime.min.time(), tzinfo=UTC)
    printed = as_json(found, at=at)
    charted = [printed[name] for name in ("problems", "medicines", "allergies", "results", "kept_aside")]
    assert not whose or FOREIGN not in json.dumps(charted), "read as the patient's, and is somebody else's"
    assert all(datetime.fromisoformat(it["measured_at"]) <= at for it in printed["results"]), "of the future"
    told = json.dumps(printed, ensure_ascii=False)
    told.encode()  # what cannot be written cannot be kept
    assert "\x00" not in told
    return any(charted)


KINDS: dict[str, Callable[[int], bool]] = {"message": bend_a_message, "bundle": bend_a_bundle}
