"""What becomes of a message: charted in the paired session, or waiting; answered after the commit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from openkap.audit.models import Event
from openkap.dosing.tests.scene import Scene
from openkap.interop.hl7v2 import actions, queries, sending
from openkap.interop.hl7v2.actions import taking
from openkap.interop.hl7v2.models import DeviceMessage
from openkap.interop.hl7v2.tests.bedside import NAME, send
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic
from openkap.watch import actions as watch_actions
from openkap.watch.actions import vitals
from openkap.watch.models import Mark, Monitor, Vital
from openkap.watch.plausibility import HEART_RATE, OXIMETER_PULSE, SBP, SPO2
from tests.cast import NOW, Cast, found_clinic, people_of
from tests.samples import recordings


def test_a_paired_monitors_values_are_charted_and_answered_with_aa(cast: Cast, here: Scene) -> None:
    content, outcome = send(here, {HEART_RATE: "84", SPO2: "97"}, patient="KAP-0001")
    assert outcome.code == "AA"
    assert outcome.reply is not None
    assert b"MSA|AA|" in outcome.reply
    rows = Vital.objects.filter(session=here.session)
    assert {(v.code, v.value_text, v.source, v.standing) for v in rows} == {
        (HEART_RATE, "84", "monitor", "plausible"),
        (SPO2, "97", "monitor", "plausible"),
    }
    message = DeviceMessage.objects.get()
    assert bytes(message.content) == content
    assert message.session_id == here.session.id
    assert {row.message_id for row in rows} == {message.id}


def test_the_same_message_again_is_acknowledged_again_and_kept_once(cast: Cast, here: Scene) -> None:
    """H24, H31."""
    content, _ = send(here, {HEART_RATE: "84"})
    for minutes in (1.5, 2):
        assert actions.receive(content, at=here.later(minutes)).code == "AA"
    assert (DeviceMessage.objects.count(), Vital.objects.count()) == (1, 1)


def test_a_last_cuff_sent_again_in_every_message_is_one_reading(cast: Cast, here: Scene) -> None:
    """H24: the reading keeps its own time, whichever message brings it."""
    first, _ = send(here, {SBP: "120", "8462-4": "80"})
    again = first.replace(first.split(b"|")[9], b"another-control-id")
    assert actions.receive(again, at=here.later(2)).code == "AA"
    assert (DeviceMessage.objects.count(), Vital.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"monitor": "UNKNOWN-9"}, "No monitor of this clinic"),
        ({"patient": "KAP-0777"}, "names another patient"),
    ],
)
def test_what_contradicts_the_pairing_waits_with_an_owner(
    cast: Cast, here: Scene, change: dict[str, str], reason: str
) -> None:
    """H30: it is acknowledged, kept, shown, and charted nowhere."""
    _, outcome = send(here, {HEART_RATE: "84"}, **change)
    assert outcome.code == "AA"
    message = DeviceMessage.objects.get()
    assert message.session_id is None
    assert reason in str(message.reason)
    assert message.owner_id is not None
    assert not Vital.objects.exists()
    entry = queries.as_json(message)
    assert entry["session"] is None
    assert entry["stored"][0]["value"] == "84"
    assert Event.objects.filter(verb="interop.message_put_aside").count() == 1


def _of_two(content: bytes, second: str) -> bytes:
    """The message with a second person's result behind the first."""
    lines = content.rstrip(b"\r").split(b"\r")
    more = [second.encode(), *(line for line in lines if line.startswith((b"OBR", b"OBX")))]
    return b"\r".join([*lines, *more, b""])


@pytest.mark.parametrize("second", ["PID|2||KAP-0099", "PID|2||KAP-0099\rPV1|2|I|BED-9", "PID|2"])
def test_a_message_about_several_people_is_charted_to_none_of_them(
    cast: Cast, here: Scene, second: str
) -> None:
    """H30. A gateway puts two results into one message: which value is whose cannot be told."""
    content = sending.message({HEART_RATE: Decimal(84)}, monitor=NAME, at=NOW, patient=cast.amara.mrn)
    actions.receive(_of_two(content, second), at=here.later(1))
    message = DeviceMessage.objects.get()
    assert "several people or places" in str(message.reason)
    assert message.owner_id is not None
    assert not Vital.objects.exists()


def test_the_same_person_named_twice_is_one(cast: Cast, here: Scene) -> None:
    content = sending.message({HEART_RATE: Decimal(84)}, monitor=NAME, at=NOW, patient=cast.amara.mrn)
    pid = next(line for line in content.decode().split("\r") if line.startswith("PID"))
    actions.receive(_of_two(content, pid), at=here.later(1))
    assert Vital.objects.count() == 1


def test_the_null_of_hl7_names_nobody_and_no_place(cast: Cast, here: Scene) -> None:
    """Two quotation marks say that nothing is given; they contradict no pairing."""
    content = sending.message({HEART_RATE: Decimal(84)}, monitor=NAME, at=NOW)
    lines = [line for line in content.decode().split("\r") if line and not line.startswith(("PID", "PV1"))]
    lines[1:1] = ['PID|||""^^^CLINIC^MR||""', 'PV1||I|""']
    actions.receive("\r".join([*lines, ""]).encode(), at=here.later(1))
    assert Vital.objects.count() == 1
    assert DeviceMessage.objects.get().reason is None


def test_a_monitor_that_is_paired_with_nobody_a_wrong_clock_and_a_demo_wait(cast: Cast, here: Scene) -> None:
    """H27, H30."""
    late = sending.message({HEART_RATE: Decimal(84)}, monitor=NAME, at=NOW - timedelta(hours=1))
    actions.receive(late, at=here.later(1))
    demo = sending.message({HEART_RATE: Decimal(84)}, monitor=NAME, at=NOW).replace(b"|P|2.6", b"|D|2.6")
    actions.receive(demo, at=here.later(1))
    watch_actions.unpair(here.session.id, by=cast.sam, at=here.later(2))
    send(here, {HEART_RATE: "84"}, minutes=3)
    reasons = [str(row.reason) for row in queries.journal()]
    assert "clock" in reasons[0]
    assert "demonstration" in reasons[1]
    assert "paired with no session" in reasons[2]
    assert not Vital.objects.exists()


def test_a_value_from_before_the_pairing_belongs_to_whoever_was_there_before(cast: Cast, here: Scene) -> None:
    """H30, H36: monitors keep sending the last cuff of the person before."""
    earlier = sending.message(
        {SBP: Decimal(180), "8462-4": Decimal(99)}, monitor=NAME, at=NOW - timedelta(minutes=3)
    )
    actions.receive(earlier, at=here.later(0.5))
    assert not Vital.objects.exists()
    message = DeviceMessage.objects.get()
    assert [one["reason"] for one in message.reading["quarantined"]] == [
        "Systolic blood pressure: measured before the monitor was paired with this session.",
        "Diastolic blood pressure: measured before the monitor was paired with this session.",
    ]


def test_what_is_no_observation_is_rejected_and_two_owners_are_a_contradiction(
    cast: Cast, here: Scene
) -> None:
    admit = sending.message({HEART_RATE: Decimal(84)}, monitor=NAME, at=NOW).replace(
        b"ORU^R01^ORU_R01", b"ADT^A01"
    )
    assert actions.receive(admit, at=here.later(1)).code == "AR"
    kept = DeviceMessage.objects.get()
    assert bytes(kept.content) == admit
    assert "takes observations" in str(kept.reason)
    assert kept.owner_id is not None
    watch_actions.add_monitor(identifier="SECOND", name="Bedside 2", by=cast.sam, at=NOW)
    both = sending.message({HEART_RATE: Decimal(84)}, monitor=NAME, at=NOW).replace(
        b"|OpenKAP replay|", b"|SECOND|"
    )
    actions.receive(both, at=here.later(1))
    assert "more than one" in str(DeviceMessage.objects.get(ack="AA").reason)


def test_nothing_is_answered_before_the_commit(
    cast: Cast, here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H31: a database that is lost before the commit leaves no answer and no row."""

    def lost(*args: object, **kwargs: object) -> None:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(taking, "journal", lost)
    with pytest.raises(OperationalError):
        send(here, {HEART_RATE: "84"})
    assert (DeviceMessage.objects.count(), Vital.objects.count()) == (0, 0)


@pytest.mark.parametrize("recording", recordings(), ids=lambda path: path.stem)
def test_an_hour_of_a_real_monitor_is_kept_whole_and_only_what_can_be_true_is_charted(
    cast: Cast, here: Scene, recording: Path
) -> None:
    """Zeros while the probe is off, a pulse of 277, a cuff of 40/10."""
    rows = sending.from_csv(recording)[:60]
    for minute, values in enumerate(rows, start=1):
        _, outcome = send(here, {code: str(value) for code, value in values.items()}, minutes=minute)
        assert outcome.code == "AA"
    kept = Vital.objects.filter(session=here.session)
    assert kept.count() == sum(len(values) for values in rows)
    charted = kept.filter(standing="plausible")
    assert not charted.filter(value=0, code__in=(SPO2, OXIMETER_PULSE, HEART_RATE)).exists()
    assert not charted.filter(value__gt=250).exists()
    assert not charted.filter(code=SBP, value=40).exists()
    assert charted.count() > kept.count() // 2


def test_a_monitor_known_by_its_bed_is_bound_by_its_bed(cast: Cast, here: Scene) -> None:
    assert Monitor.objects.count() == 1
    watch_actions.unpair(here.session.id, by=cast.sam, at=NOW)
    bed = watch_actions.add_monitor(identifier="KAP^^5^CLINIC A", name="Bed 5", by=cast.sam, at=NOW)
    watch_actions.pair(here.session.id, monitor_id=bed.id, by=cast.sam, at=NOW)
    content = sending.message({HEART_RATE: Decimal(84)}, monitor="GATEWAY", at=here.later(1))
    assert (
        actions.receive(content.replace(b"PV1||O", b"PV1||I|KAP^^5^CLINIC A"), at=here.later(1)).code == "AA"
    )
    assert Vital.objects.get().monitor_id == bed.id


def test_a_message_is_read_once_in_the_zone_of_its_monitor(
    cast: Cast, here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H26: a time without an offset is the monitor's own; no message is read a second time for it."""
    Monitor.objects.filter(identifier=NAME).update(zone="Europe/Berlin")
    zones: list[str] = []
    real = taking.understand
    monkeypatch.setattr(taking, "understand", lambda *a, **k: zones.append(k["zone"].key) or real(*a, **k))
    send(here, {HEART_RATE: "84"})
    assert zones == ["Europe/Berlin"]


def test_one_message_is_judged_once_however_much_it_carries(
    cast: Cast, here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack K5.2: 300 values held a session's lock for 32 s, because each moment was a look of its own."""
    looks: list[object] = []
    real = vitals.reevaluate
    monkeypatch.setattr(vitals, "reevaluate", lambda *a, **k: looks.append(k) or real(*a, **k))
    at, wide = here.later(6), {HEART_RATE: Decimal(84), SPO2: Decimal(97)}
    one = sending.message(wide, monitor=NAME, at=here.later(1)).decode()
    head, obx = one.split("\rOBX|1|", 1)
    lines = []
    for number in range(300):
        moment = (here.later(1) + timedelta(seconds=number)).strftime("%Y%m%d%H%M%S.0000+0000")
        line = f"OBX|1|{obx}".split("\r")[0]
        stamp = here.later(1).strftime("%Y%m%d%H%M%S.0000+0000")
        lines.append(line.replace("|1|", f"|{number + 1}|", 1).replace(stamp, moment))
    content = (head + "\r" + "\r".join(lines) + "\r").encode()
    with CaptureQueriesContext(connection) as seen:
        assert actions.receive(content, at=at).code == "AA"
    assert Vital.objects.filter(session=here.session, source="monitor").count() == 300
    assert len(looks) == 1
    assert len(seen) < 150


def test_a_limit_crossed_and_left_within_one_message_is_marked_all_the_same(cast: Cast, here: Scene) -> None:
    """H09: judging once must not thin away the worst of what came at once."""
    low = sending.message({SPO2: Decimal(84)}, monitor=NAME, at=here.later(1)).decode()
    after = here.later(1) + timedelta(seconds=20)
    well = sending.message({SPO2: Decimal(97)}, monitor=NAME, at=after).decode()
    later = next(line for line in well.split("\r") if line.startswith("OBX|1|NM|150456"))
    content = (low.rstrip("\r") + "\r" + later.replace("OBX|1|", "OBX|99|", 1) + "\r").encode()
    actions.receive(content, at=here.later(2))
    assert Vital.objects.filter(session=here.session, code=SPO2, source="monitor").count() == 2
    assert any("84" in str(mark.says) for mark in Mark.objects.filter(session=here.session))


def test_what_another_clinic_calls_its_monitors_cuts_nobody_off(cast: Cast, here: Scene) -> None:
    """Attack K1.4: a second clinic's monitor of the same name silenced a running session."""
    other = found_clinic("Hill Clinic")
    Clinic.objects.filter(id=cast.clinic.id).update(facility="HARBOUR")
    with inside(other.id, role="system"):
        Clinic.objects.filter(id=other.id).update(facility="HILL")
        hill = people_of(other)
        watch_actions.add_monitor(identifier=NAME, name="Theirs", by=hill.sam, at=NOW)
    _, outcome = send(here, {HEART_RATE: "84"}, minutes=1)
    assert outcome.code == "AA"
    assert Vital.objects.filter(session=here.session, source="monitor").count() == 1
    for name, clinic, rows in (("HILL", other.id, 0), ("harbour", cast.clinic.id, 1)):
        content, _ = send(here, {HEART_RATE: "85"}, minutes=2)
        named = content.replace(b"|OpenKAP replay|||", f"|OpenKAP replay||{name}|".encode())
        assert named != content
        assert actions.receive(named, at=here.later(2)).clinic == clinic
        with inside(clinic, role="system"):
            kept = [row for row in DeviceMessage.objects.all() if bytes(row.content) == named]
            assert len(kept) == 1
            assert (kept[0].session_id is not None) == bool(rows)
