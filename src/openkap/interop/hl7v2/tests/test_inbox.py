"""What waits, and what is printed of each message: the stable shape, and whoever looks at it."""

from __future__ import annotations

import json

import pytest

from openkap.dosing.tests.scene import Scene
from openkap.interop.hl7v2 import actions, commands, queries
from openkap.interop.hl7v2.models import DeviceMessage, MessageSettled
from openkap.interop.hl7v2.tests.bedside import send
from openkap.kernel.refusal import Refused
from openkap.watch.models import Vital
from openkap.watch.plausibility import HEART_RATE, OXIMETER_PULSE, SPO2
from tests.cast import Cast


def test_whoever_looks_at_a_waiting_message_says_what_it_was_once(cast: Cast, here: Scene) -> None:
    send(here, {HEART_RATE: "84"}, monitor="UNKNOWN-9")
    message = DeviceMessage.objects.get()
    with pytest.raises(Refused):
        actions.settle(message.id, note=" ", by=cast.kit, at=here.later(2))
    actions.settle(message.id, note="Tried out in the store room", by=cast.kit, at=here.later(2))
    with pytest.raises(Refused):
        actions.settle(message.id, note="again", by=cast.kit, at=here.later(3))
    assert not queries.waiting()
    assert MessageSettled.objects.count() == 1
    assert bytes(DeviceMessage.objects.get().content)


def test_the_inbox_prints_one_entry_a_message_newest_last(
    cast: Cast, here: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    commands.add_arguments(parser.add_subparsers(dest="act", required=True))
    send(here, {HEART_RATE: "84"}, monitor="UNKNOWN-9")
    send(here, {HEART_RATE: "85"}, minutes=2)
    assert commands.run(parser.parse_args(["inbox", "--json"])) == 0
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [entry["stored"][0]["value"] for entry in entries] == ["84", "85"]
    assert entries[1]["session"] == str(here.session.id)
    assert set(entries[0]) == {
        "control_id", "received_at", "ack", "patient", "location", "session", "stored", "absent",
        "quarantined", "alarms", "demo",
    }  # fmt: skip
    commands.run(parser.parse_args(["inbox"]))
    assert "waiting: No monitor" in capsys.readouterr().out
    assert commands.run(parser.parse_args(["replay"])) == 2


def test_what_a_sensor_sends_when_it_is_off_is_never_printed_as_stored(cast: Cast, here: Scene) -> None:
    """A zero from a probe that is off is absent, a pulse of 277 is put aside; both rows are kept."""
    send(here, {HEART_RATE: "84", SPO2: "0", OXIMETER_PULSE: "0"})
    send(here, {OXIMETER_PULSE: "277", HEART_RATE: "84"}, minutes=2)
    first, second = (queries.as_json(row) for row in queries.journal())
    assert [one["code"] for one in first["stored"]] == [HEART_RATE]
    assert first["absent"] == [SPO2, OXIMETER_PULSE]
    assert [one["raw"] for one in second["quarantined"]] == [f"{OXIMETER_PULSE} 277"]
    assert Vital.objects.filter(session=here.session).count() == 5


def test_garbage_is_answered_with_ae_and_a_person_looks_at_it(cast: Cast, here: Scene) -> None:
    """H31."""
    for content in (
        b"",
        b"\x00\xff\xfe",
        b"MSH|^~\\&",
        b"PID|1",
        b"MSH|^~\\&|A|B|||20261124||ORU^R01||P|2.6",
    ):
        outcome = actions.receive(content, at=here.later(1))
        assert outcome.code == "AE"
        assert outcome.reply is not None
        assert b"ERR|" in outcome.reply
    assert {row.ack for row in queries.waiting()} == {"AE"}
