"""Values, marks and the clock's round: what is kept, what is charted, who is told."""

from __future__ import annotations

import contextlib
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from openkap.alerts.models import Alert
from openkap.audit.models import Event
from openkap.dosing import actions
from openkap.dosing.live import live
from openkap.dosing.live_json import as_json
from openkap.dosing.tests.scene import BASE, beside, scene
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Conflict, Refused
from openkap.kernel.statement import restored
from openkap.watch import actions as watch_actions
from openkap.watch import facts as watch_facts
from openkap.watch import jobs, watching
from openkap.watch.actions import marking, vitals
from openkap.watch.models import AdverseEvent, Mark, Remark, Session, Vital
from openkap.watch.plausibility import DBP, HEART_RATE, MOAAS, OXIMETER_PULSE, SBP, SPO2
from openkap.watch.statements import ValueNote
from tests.cast import Cast
from tests.queries import counted


def test_the_same_reading_sent_five_times_is_one_row(cast: Cast) -> None:
    """H24."""
    it, tap = scene(cast, without="vitals"), uuid7()
    for _ in range(5):
        it.take({SBP: 120, DBP: 80}, client_id=tap)
    assert Vital.objects.count() == 2
    with pytest.raises(Conflict):
        it.take({SBP: 130, DBP: 80}, client_id=tap)
    assert Vital.objects.count() == 2


def test_what_sensors_say_when_they_are_off_is_kept_and_never_charted(cast: Cast) -> None:
    """Zeros of a probe that is off, a pulse of 277, a cuff of 124/120."""
    it = scene(cast)
    it.start()
    sent = {"sent": vitals.Sent(source="monitor")}
    it.take({SPO2: 0, OXIMETER_PULSE: 0, HEART_RATE: 84}, minutes=2, **sent)
    it.take({OXIMETER_PULSE: 277, SPO2: 96}, minutes=3, **sent)
    it.take({SBP: 124, DBP: 120}, minutes=4, **sent)
    kept = {(v.code, v.value_text): v.standing for v in Vital.objects.filter(measured_at__gt=it.later(1))}
    assert kept == {
        (SPO2, "0"): "absent",
        (OXIMETER_PULSE, "0"): "absent",
        (HEART_RATE, "84"): "plausible",
        (OXIMETER_PULSE, "277"): "implausible",
        (SPO2, "96"): "implausible",
        (SBP, "124"): "implausible",
        (DBP, "120"): "implausible",
    }
    room = live(it.session, at=it.later(5))
    shown = {tile.key: tile.value for tile in room.tiles}
    assert shown == {"pressure": "124", "rate": "84", "saturation": "98", "alertness": "5"}
    assert {row.code for row in room.not_charted} == {OXIMETER_PULSE, SPO2, DBP}
    assert not Mark.objects.exists()


def test_a_value_of_another_unit_or_an_unknown_code_is_refused(cast: Cast) -> None:
    """H32."""
    it = scene(cast)
    stamp = {"measured_at": it.later(1), "client_id": uuid7(), "by": cast.sam, "at": it.later(1)}
    for code, unit in ((SBP, "kPa"), ("8867-9", "/min")):
        with pytest.raises(Refused):
            watch_actions.take_vital(it.session.id, code=code, value=Decimal(16), unit=unit, **stamp)
    watch_actions.take_vital(it.session.id, code=SBP, value=Decimal(122), unit="mm[Hg]", **stamp)


def test_a_clock_far_ahead_is_refused_and_one_a_little_ahead_is_noted(cast: Cast) -> None:
    """H27."""
    it = scene(cast)
    with pytest.raises(Refused):
        it.take({HEART_RATE: 80}, minutes=1, measured_at=it.later(7))
    (row,) = it.take({HEART_RATE: 80}, minutes=1, measured_at=it.later(2))
    assert row.measured_at == it.later(1)
    assert restored(row.notes[0]) == ValueNote.CLOCK_AHEAD(seconds=60)


def test_a_low_saturation_is_marked_once_answered_and_closed_by_a_new_value(cast: Cast) -> None:
    """H08, H09."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 88}, minutes=5)
    it.take({SPO2: 87}, minutes=6)
    (mark,) = Mark.objects.all()
    assert (mark.flag, mark.level, mark.rule) == ("SPO2_CRITICAL", "stop", "T_SPO2_STOP")
    with pytest.raises(Refused):
        watch_actions.acknowledge_mark(mark.id, action=" ", by=cast.sam, at=it.later(6))
    watch_actions.acknowledge_mark(mark.id, action="Woke her, oxygen", by=cast.sam, at=it.later(6.5))
    it.take({SPO2: 97}, minutes=7)
    mark.refresh_from_db()
    assert mark.closed_at == it.later(7)
    assert mark.recheck_at == it.later(7.5)


def test_a_value_that_is_good_again_does_not_close_an_unanswered_mark(cast: Cast) -> None:
    """H08."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 88}, minutes=5)
    it.take({SPO2: 97}, minutes=6)
    assert Mark.objects.get().closed_at is None


def test_a_pressure_over_the_limit_asks_to_repeat_and_stops_at_the_second(cast: Cast) -> None:
    it = scene(cast)
    it.start()
    it.take({SBP: 184, DBP: 100}, minutes=5)
    assert [m.level for m in Mark.objects.filter(closed_at__isnull=True)] == ["act"]
    it.take({SBP: 186, DBP: 100}, minutes=6)
    assert [m.level for m in Mark.objects.filter(closed_at__isnull=True)] == ["stop"]


def test_a_mark_nobody_answers_goes_to_the_prescriber_once(cast: Cast) -> None:
    """H08."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 88}, minutes=5)
    for minutes in (6, 7.1, 8, 9):
        watch_actions.sweep(it.session.id, by=cast.sam, at=it.later(minutes))
    (alert,) = Alert.objects.filter(kind="dosing_mark")
    assert alert.owner_id == cast.okafor.membership_id or alert.owner_id == cast.bello.membership_id
    assert alert.at == it.later(7.1)


def test_a_check_nobody_made_is_marked_by_the_clock_and_closed_by_measuring(cast: Cast) -> None:
    """H07: the checks are due ten minutes after the start, with two minutes of grace."""
    it = scene(cast)
    it.start(minutes=0)
    assert watch_actions.sweep(it.session.id, by=cast.sam, at=it.later(11)) == 0
    assert watch_actions.sweep(it.session.id, by=cast.sam, at=it.later(13)) == 1
    assert watch_actions.sweep(it.session.id, by=cast.sam, at=it.later(14)) == 0
    mark = Mark.objects.get()
    assert (mark.cause, mark.level) == (watching.CHECK_LATE, "look")
    it.take(dict(BASE), minutes=14)
    mark.refresh_from_db()
    assert mark.closed_at == it.later(14)


def test_a_silent_monitor_and_an_infusion_that_is_through_are_said(cast: Cast) -> None:
    it = scene(cast)
    monitor = watch_actions.add_monitor(
        identifier="0A0000FFFE000001", name="Bedside 1", by=cast.sam, at=it.at
    )
    watch_actions.pair(it.session.id, monitor_id=monitor.id, by=cast.sam, at=it.at)
    it.start(minutes=0)
    watch_actions.sweep(it.session.id, by=cast.sam, at=it.later(2))
    assert {m.cause for m in Mark.objects.all()} == {watching.MONITOR_SILENT}
    watch_actions.sweep(it.session.id, by=cast.sam, at=it.later(42))
    assert watching.DOSE_THROUGH in {m.cause for m in Mark.objects.filter(closed_at__isnull=True)}
    actions.end(it.session.id, by=cast.sam, at=it.later(42.5))
    assert watching.DOSE_THROUGH not in {m.cause for m in Mark.objects.filter(closed_at__isnull=True)}


def test_a_severe_side_effect_reaches_the_prescriber_and_arrives_once(cast: Cast) -> None:
    it, tap = scene(cast), uuid7()
    for _ in range(3):
        watch_actions.note_adverse_event(
            it.session.id,
            term="Vomiting",
            grade=3,
            noticed_at=it.later(1),
            client_id=tap,
            by=cast.sam,
            at=it.later(1),
        )
    assert AdverseEvent.objects.count() == 1
    assert Alert.objects.filter(kind="adverse_event").count() == 1


def test_words_are_written_down_only_when_that_was_agreed(cast: Cast) -> None:
    it = scene(cast)
    said = {"text": "It is very blue", "noticed_at": it.later(1), "by": cast.noor, "at": it.later(1)}
    with pytest.raises(Refused):
        watch_actions.note_remark(it.session.id, kind="words", client_id=uuid7(), **said)
    watch_actions.note_remark(it.session.id, kind="words", agreed=True, client_id=uuid7(), **said)
    assert Remark.objects.count() == 1


def test_when_the_record_fails_no_value_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    it, values = scene(cast), Vital.objects.count()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the record is broken")

    monkeypatch.setattr(vitals, "record_all", broken)
    with pytest.raises(RuntimeError):
        it.take({SPO2: 85}, minutes=2)
    assert (Vital.objects.count(), Mark.objects.count()) == (values, 0)


def test_the_live_answer_has_values_with_their_age_checks_and_the_dose(cast: Cast) -> None:
    it = scene(cast)
    it.start(minutes=0)
    it.take({SBP: 146, DBP: 91}, minutes=8)
    room = live(it.session, at=it.later(10))
    assert room.tiles[0].change == "+22 / +13"
    assert room.tiles[0].age == "2 min ago"
    assert [tile.old for tile in live(it.session, at=it.later(30)).tiles] == [True] * 4
    assert room.dose is not None
    assert room.dose.given_mg == Decimal(9)
    said = as_json(room)
    assert said["values"][0] == {
        "key": "pressure", "value": "146", "second": "91", "at": it.later(8).isoformat(), "source": "hand",
    }  # fmt: skip
    assert said["dose_state"] == "running"
    assert said["series"][SBP][-1] == [it.later(8).timestamp(), 146.0]
    assert said["checks"]


def test_every_reading_leaves_an_event_without_its_value(cast: Cast) -> None:
    it = scene(cast)
    it.take({MOAAS: 4}, minutes=1)
    event = Event.objects.filter(verb="watch.values_charted").order_by("-at").first()
    assert event is not None
    assert '"moaas"' in event.body
    assert watch_facts.last_true(it.session, MOAAS, at=it.later(1) + timedelta(seconds=1)).value == 4


def test_every_minute_the_clock_looks_round_each_open_session(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H07: a few sessions at a time, so that no lock is held long."""
    it = scene(cast)
    it.start(minutes=0)
    it.session.refresh_from_db()
    beside(it, count=2)
    ids = [str(session.id) for session in Session.objects.order_by("at", "id")]
    queued: list[dict[str, object]] = []
    monkeypatch.setattr(jobs.sweep_some, "defer", lambda **told: queued.append(told))
    monkeypatch.setattr(jobs, "TOGETHER", 2)
    jobs.sweep.each(clinic_id=str(cast.clinic.id))
    assert sorted(one for told in queued for one in told["session_ids"]) == sorted(ids)
    assert [len(told["session_ids"]) for told in queued] == [2, 1]
    monkeypatch.setattr(jobs.timezone, "now", lambda: it.later(13))
    jobs.sweep_some(clinic_id=str(cast.clinic.id), session_ids=ids)
    late = Mark.objects.filter(cause=watching.CHECK_LATE).values_list("session_id", flat=True)
    assert sorted(map(str, late)) == sorted(ids)
    assert Event.objects.filter(verb="watch.marks_raised").count() == 3


def test_a_fault_in_one_session_spares_the_round_over_the_others_h07(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H07: what fails together is looked at one by one."""
    it = scene(cast)
    it.start(minutes=0)
    it.session.refresh_from_db()
    beside(it, count=1)
    bad, real = it.session.id, marking.reevaluate

    def faulty(session: Session, **told: Any) -> list[Mark]:
        if session.id == bad:
            raise KeyError("a fault of ours")
        return real(session, **told)

    monkeypatch.setattr(marking, "reevaluate", faulty)
    monkeypatch.setattr(jobs.timezone, "now", lambda: it.later(13))
    queued: list[dict[str, str]] = []
    monkeypatch.setattr(jobs.sweep_one, "defer", lambda **told: queued.append(told))
    ids = [str(session.id) for session in Session.objects.all()]
    jobs.sweep_some(clinic_id=str(cast.clinic.id), session_ids=ids)
    assert [told["session_id"] for told in queued] == ids
    for told in queued:
        with contextlib.suppress(KeyError):
            jobs.sweep_one(**told)
    assert {mark.session_id for mark in Mark.objects.all()} == {uuid.UUID(one) for one in ids} - {bad}


def test_the_round_over_eight_sessions_asks_little_more_than_over_one(cast: Cast) -> None:
    it = scene(cast)
    it.start(minutes=0)
    it.session.refresh_from_db()
    beside(it, count=7)
    ids = list(Session.objects.values_list("id", flat=True))
    watch_actions.sweep_all(ids, by=cast.sam, at=it.later(4.9))
    with counted() as one:
        watch_actions.sweep_all(ids[:1], by=cast.sam, at=it.later(5))
    with counted() as eight:
        watch_actions.sweep_all(ids, by=cast.sam, at=it.later(5.1))
    assert len(eight) <= len(one) + 2
