"""H11, H08: what a loose probe and a dying person could both give is believed until a person has looked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.dosing import actions
from openkap.dosing.live import live
from openkap.dosing.tests.scene import BASE, Scene, scene
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from openkap.watch import actions as watch_actions
from openkap.watch import facts as watch_facts
from openkap.watch import watching
from openkap.watch.actions.moments import Sent
from openkap.watch.models import Mark, Pairing, Vital, VitalSettled
from openkap.watch.plausibility import judge
from openkap.watch.readings import (
    BREATHING,
    CUFF_PULSE,
    DBP,
    HEART_RATE,
    MEAN,
    OXIMETER_PULSE,
    SBP,
    SPO2,
    ReadingStanding,
)
from openkap.watch.statements import ActionStatement
from openkap.watch.tests.numbers import SENSORS, iv_protocol
from tests.cast import Cast

LINES = iv_protocol().lines
NAMED = {
    "hr": HEART_RATE, "pulse": OXIMETER_PULSE, "cuff": CUFF_PULSE, "rr": BREATHING, "spo2": SPO2,
    "sbp": SBP, "dbp": DBP, "map": MEAN,
}  # fmt: skip


def _grave(values: dict[str, float], **others: float) -> set[str]:
    moment = {NAMED[name]: Decimal(str(value)) for name, value in values.items()}
    before = {NAMED[name]: Decimal(str(value)) for name, value in others.items()}
    judged = judge(moment, sensors=SENSORS, lines=LINES, others=before)
    return {name for name in values if judged[NAMED[name]].standing is ReadingStanding.UNCONFIRMED}


def test_the_lines_come_from_the_pack() -> None:
    assert (LINES.pulse_under, LINES.spo2_under, LINES.slow_pulse_under) == (30, 85, 50)
    assert (LINES.sbp_under, LINES.low_sbp_under) == (60, 90)


@pytest.mark.parametrize(
    ("values", "others", "grave"),
    [
        # every signal at zero while the monitor is heard
        ({"hr": 0, "pulse": 0, "spo2": 0, "rr": 0}, {}, {"hr", "pulse", "spo2", "rr"}),
        ({"hr": 0, "rr": 0}, {}, {"hr", "rr"}),
        ({"pulse": 0, "spo2": 0}, {}, {"pulse", "spo2"}),
        ({"hr": 0}, {}, {"hr"}),
        # another sensor counts a beat, now or a moment ago: a probe or a lead is off
        ({"hr": 84, "pulse": 0, "spo2": 0}, {}, set()),
        ({"pulse": 0, "spo2": 0}, {"hr": 84}, set()),
        ({"hr": 0, "rr": 0, "pulse": 76}, {}, set()),
        ({"hr": 0, "rr": 0}, {"pulse": 76}, set()),
        ({"hr": 0, "pulse": 0, "spo2": 0}, {"cuff": 0}, {"hr", "pulse", "spo2"}),
        # a pulse under 30, whichever sensor counts it, also under what a sensor is trusted with
        ({"hr": 18}, {}, {"hr"}),
        ({"hr": 29}, {}, {"hr"}),
        ({"hr": 30}, {}, set()),
        ({"pulse": 18}, {}, {"pulse"}),
        ({"cuff": 29}, {}, {"cuff"}),
        ({"hr": 25, "pulse": 26}, {}, {"hr", "pulse"}),
        ({"hr": 72, "pulse": 25}, {}, set()),
        ({"hr": 18}, {"pulse": 70}, set()),
        # a saturation under 85 with a slow pulse, or from a probe whose pulse is doubtful
        ({"spo2": 84, "hr": 49}, {}, {"spo2"}),
        ({"spo2": 84, "hr": 50}, {}, set()),
        ({"spo2": 85, "hr": 40}, {}, set()),
        ({"spo2": 84, "pulse": 18}, {}, {"spo2", "pulse"}),
        ({"spo2": 84, "pulse": 277}, {}, {"spo2"}),
        ({"spo2": 96, "pulse": 277}, {}, set()),
        # a pressure under 60, and a low one that its cuff makes doubtful
        ({"sbp": 46, "dbp": 28}, {}, {"sbp", "dbp"}),
        ({"sbp": 59, "dbp": 40}, {}, {"sbp", "dbp"}),
        ({"sbp": 60, "dbp": 40}, {}, set()),
        ({"sbp": 74, "dbp": 10}, {}, {"sbp", "dbp"}),
        ({"sbp": 88, "dbp": 84}, {}, {"sbp", "dbp"}),
        ({"sbp": 124, "dbp": 120}, {}, set()),
        ({"sbp": 80, "dbp": 124}, {}, set()),  # typed the wrong way round
        ({"sbp": 50, "dbp": 70}, {}, {"sbp", "dbp"}),
        ({"sbp": 0, "dbp": 0}, {}, {"sbp", "dbp"}),
        ({"map": 40}, {}, {"map"}),
        ({"map": 94}, {}, set()),
        # as high as a sensor is not trusted with, and still possible
        ({"hr": 290}, {}, {"hr"}),
        ({"sbp": 270, "dbp": 150}, {}, {"sbp"}),
        ({"sbp": 250, "dbp": 170}, {}, {"dbp"}),
        ({"hr": 900}, {}, set()),
        ({"sbp": 1240, "dbp": 80}, {}, set()),
        ({"hr": -3}, {}, set()),
    ],
)
def test_a_value_that_could_be_a_dying_persons_is_never_silenced(values, others, grave) -> None:
    """H11."""
    assert _grave(values, **others) == grave


RATES = st.one_of(st.none(), st.integers(0, 300))


@given(hr=RATES, pulse=RATES, spo2=st.one_of(st.none(), st.integers(0, 100)), rr=RATES)
def test_without_a_beat_above_the_line_something_is_said(hr, pulse, spo2, rr) -> None:
    """H11: whatever comes of heart, probe and breath, no pulse under the line passes in silence."""
    values = {k: v for k, v in {"hr": hr, "pulse": pulse, "spo2": spo2, "rr": rr}.items() if v is not None}
    beats = [v for v in (hr, pulse) if v is not None]
    if beats and max(beats) < 30:
        assert _grave(values)


MONITOR = {"sent": Sent(source="monitor")}


def _open(cause: str) -> Mark | None:
    return Mark.objects.filter(cause=cause, closed_at__isnull=True).first()


@pytest.mark.parametrize(
    "values",
    [
        {HEART_RATE: 0, OXIMETER_PULSE: 0, SPO2: 0, BREATHING: 0},
        {HEART_RATE: 18},
        {SPO2: 84, HEART_RATE: 40},
        {SBP: 46, DBP: 28},
    ],
)
def test_the_four_of_the_trial_ask_to_look_at_the_person_now_and_bar_going_on(cast: Cast, values) -> None:
    """H11, H08: each of these raised nothing."""
    it = scene(cast)
    it.start()
    it.take(values, minutes=5)
    mark = _open("look_now")
    assert mark is not None
    assert (mark.flag, mark.level, mark.rule) == ("LOOK_AT_PERSON_NOW", "act", "T_LOOK_NOW")
    assert "not confirmed" in str(mark.says)
    actions.pause(it.session.id, by=cast.sam, at=it.later(5.2))
    with pytest.raises(Refused) as caught:
        actions.resume(it.session.id, by=cast.sam, at=it.later(5.4))
    assert "MARK_OPEN_NOT_CONFIRMED" in {one.code for one in caught.value.objections}


def test_no_dose_starts_on_a_grave_value_nobody_has_looked_at(cast: Cast) -> None:
    """H11."""
    it = scene(cast)
    it.take({HEART_RATE: 0, OXIMETER_PULSE: 0, SPO2: 0}, minutes=0.5)
    with pytest.raises(Refused) as caught:
        it.start()
    assert "MARK_OPEN_NOT_CONFIRMED" in {one.code for one in caught.value.objections}


def test_a_value_that_is_not_confirmed_acts_on_the_limits_and_completes_no_check(cast: Cast) -> None:
    """H11, H07: an unconfirmed 84 % is under 90 %; and what nobody believes yet is not a measured pulse."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 84, HEART_RATE: 40}, minutes=5)
    assert _open("saturation") is not None
    assert watch_facts.last_true(it.session, SPO2, at=it.later(6)).value == BASE[SPO2]
    tiles = {tile.key: tile for tile in live(it.session, at=it.later(5.1)).tiles}
    assert (tiles["saturation"].value, tiles["saturation"].unconfirmed) == ("84", True)


def test_a_person_says_it_was_the_sensor_and_the_signal_is_left_in_peace_for_a_while(cast: Cast) -> None:
    """H11, H09: the same probe does not shout each second, and shouts again after three minutes."""
    it = scene(cast)
    it.start()
    it.take({OXIMETER_PULSE: 0, SPO2: 0}, minutes=5)
    mark = _open("look_now")
    with pytest.raises(Refused):
        watch_actions.settle_mark(mark.id, action="Awake", by=cast.sam, at=it.later(5.5))
    with pytest.raises(Refused):
        watch_actions.settle_mark(mark.id, action=" ", is_true=False, by=cast.sam, at=it.later(5.5))
    watch_actions.settle_mark(
        mark.id, action="Awake, probe off", is_true=False, by=cast.noor, at=it.later(5.5)
    )
    assert Mark.objects.filter(closed_at__isnull=True).count() == 0
    it.take({OXIMETER_PULSE: 0, SPO2: 0}, minutes=6)
    assert _open("look_now") is None
    it.take({SBP: 46, DBP: 28}, minutes=7)
    assert "systolic" in str(_open("look_now").says)
    watch_actions.settle_mark(
        _open("look_now").id, action="Leaning", is_true=False, by=cast.sam, at=it.later(7.2)
    )
    it.take({OXIMETER_PULSE: 0, SPO2: 0}, minutes=11)
    assert _open("look_now") is not None
    assert not watch_facts.charted(it.session).filter(value=0).exists()


def test_a_person_says_it_is_true_and_it_is_charted_and_asks_to_stop(cast: Cast) -> None:
    """H11."""
    it = scene(cast)
    it.start()
    it.take({HEART_RATE: 18}, minutes=5)
    watch_actions.settle_mark(
        _open("look_now").id, action="Grey, pulse slow", is_true=True, by=cast.sam, at=it.later(5.2)
    )
    assert watch_facts.last_true(it.session, HEART_RATE, at=it.later(6)).value == 18
    assert VitalSettled.objects.get().is_true
    confirmed = _open("confirmed")
    assert (confirmed.level, confirmed.action) == ("stop", ActionStatement.STOP_AND_CALL())
    watch_actions.settle_mark(confirmed.id, action="Pulse 64 again, awake", by=cast.sam, at=it.later(9))
    assert _open("confirmed") is None


def test_no_decision_stands_in_for_looking(cast: Cast) -> None:
    """H11: a prescriber lifts a limit, and not the look at the person."""
    it = scene(cast)
    it.start()
    it.take({HEART_RATE: 18}, minutes=5)
    with pytest.raises(Refused) as caught:
        watch_actions.decide_about_mark(_open("look_now").id, reason="Known", by=cast.okafor, at=it.later(6))
    assert [one.code for one in caught.value.objections] == ["NOT_TO_BE_DECIDED"]


def test_a_mark_of_a_value_is_not_talked_away(cast: Cast) -> None:
    """H08: only measuring again ends it."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 88}, minutes=5)
    with pytest.raises(Refused):
        watch_actions.settle_mark(_open("saturation").id, action="Fine", by=cast.sam, at=it.later(6))


def test_a_pulse_is_a_pulse_whichever_sensor_counts_it(cast: Cast) -> None:
    """H11: 160 for eight minutes from the oximeter alone was never marked."""
    it = scene(cast)
    it.start()
    for minutes in (2, 5, 8):
        it.take({OXIMETER_PULSE: 160}, minutes=minutes)
    assert _open("rate").rule == "T_HR"


def test_the_leads_rate_stands_before_the_oximeters_of_the_same_minute(cast: Cast) -> None:
    it = scene(cast)
    it.start()
    for minutes in (2, 5, 8):
        it.take({OXIMETER_PULSE: 160, HEART_RATE: 84}, minutes=minutes)
    assert _open("rate") is None


@pytest.mark.parametrize(("first", "second"), [((88, 60), (86, 58)), ((87, 60), (85, 58))])
def test_a_low_pressure_acts_on_repeat(cast: Cast, first, second) -> None:
    """H11: 82/44 raised nothing."""
    it = scene(cast)
    it.start()
    it.take({SBP: first[0], DBP: first[1]}, minutes=5)
    assert (_open("pressure").level, _open("pressure").rule) == ("act", "T_BP_LOW")
    assert "Measure again" in str(_open("pressure").action)
    it.take({SBP: second[0], DBP: second[1]}, minutes=6)
    assert "lay them flat" in str(_open("pressure").action)
    assert Mark.objects.filter(closed_at__isnull=True).count() == 1


def test_a_low_pressure_with_a_faint_does_not_wait_for_the_repeat(cast: Cast) -> None:
    """H11."""
    it = scene(cast)
    it.start()
    _note(it, "Fainting", 2, minutes=4)
    it.take({SBP: 88, DBP: 60}, minutes=5)
    assert "lay them flat" in str(_open("pressure").action)


def test_a_third_under_the_value_before_the_dose_is_low(cast: Cast) -> None:
    """H11: 124 before the dose; 30 % under it is 86.8."""
    it = scene(cast)
    it.take({SBP: 150, DBP: 90}, minutes=0.2)
    decided = {"about": "pressure", "reason": "known", "by": cast.okafor, "at": it.later(0.5)}
    actions.decide_to_go_on(it.session.id, **decided)
    it.start()
    it.take({SBP: 106, DBP: 70}, minutes=5)
    assert _open("pressure") is None
    it.take({SBP: 105, DBP: 70}, minutes=6)
    assert "30 % under baseline" in str(_open("pressure").says)


def _note(it: Scene, term: str, grade: int, *, minutes: float):
    at = it.later(minutes)
    return watch_actions.note_adverse_event(
        it.session.id, term=term, grade=grade, noticed_at=at, client_id=uuid7(), by=it.cast.sam, at=at
    )


@pytest.mark.parametrize(
    ("term", "grade", "rule"),
    [
        ("Chest pain", 1, "T_INTRA_BP"),
        ("pain in the chest", 2, "T_INTRA_BP"),
        ("Shortness of breath", 1, "T_INTRA_BP"),
        ("Slurred speech", 1, "T_INTRA_BP"),
        ("Headache", 3, "T_INTRA_BP"),
        ("Severe headache", 1, "T_INTRA_BP"),
        ("Palpitations", 1, "T_HR"),
        ("Headache", 2, None),
        ("Nausea", 3, None),
    ],
)
def test_a_complaint_a_row_names_acts_when_it_is_noted_whatever_the_pressure(cast, term, grade, rule) -> None:
    """H08, H10: chest pain of grade 2 raised no mark."""
    it = scene(cast)
    it.start()
    _note(it, term, grade, minutes=5)
    mark = Mark.objects.filter(cause__startswith="symptom").first()
    assert (mark.rule if mark else None) == rule


def test_a_complaint_stays_until_a_person_says_it_has_passed_and_is_raised_once(cast: Cast) -> None:
    """H08, H09."""
    it = scene(cast)
    it.start()
    _note(it, "Chest pain", 2, minutes=5)
    it.take(dict(BASE), minutes=6)
    (mark,) = Mark.objects.all()
    assert mark.closed_at is None
    assert watching.symptoms_now(it.session) == {"chest_pain"}
    watch_actions.settle_mark(mark.id, action="Gone, ECG normal", by=cast.okafor, at=it.later(7))
    it.take(dict(BASE), minutes=8)
    assert Mark.objects.filter(closed_at__isnull=True).count() == 0
    assert watching.symptoms_now(it.session) == frozenset()
    _note(it, "Chest pain", 1, minutes=9)
    assert Mark.objects.filter(closed_at__isnull=True).count() == 1


def test_a_crisis_is_a_high_pressure_with_a_complaint(cast: Cast) -> None:
    """H10: row T_CRISIS was skipped, because nothing knew of complaints."""
    it = scene(cast)
    it.start()
    it.take({SBP: 184, DBP: 100}, minutes=4)
    assert _open("crisis") is None
    _note(it, "Chest pain", 1, minutes=5)
    assert (_open("crisis").rule, _open("crisis").level) == ("T_CRISIS", "stop")


def test_one_signal_that_falls_silent_while_the_monitor_is_heard_is_said(cast: Cast) -> None:
    """H31: the probe is off for two minutes; the lead goes on."""
    it = scene(cast)
    monitor = watch_actions.add_monitor(
        identifier="0A0000FFFE000001", name="Bedside 1", by=cast.sam, at=it.at
    )
    watch_actions.pair(it.session.id, monitor_id=monitor.id, by=cast.sam, at=it.at)
    sent = {"sent": Sent(source="monitor", monitor=monitor)}
    it.start(minutes=0)
    it.take({HEART_RATE: 80, SPO2: 98, OXIMETER_PULSE: 80}, minutes=1, **sent)
    for minutes in (1.5, 2, 2.5, 3):
        watch_actions.heard(Pairing.objects.get(), at=it.later(minutes))
        it.take({HEART_RATE: 80, SPO2: 0, OXIMETER_PULSE: 0}, minutes=minutes, **sent)
    assert "oxygen saturation" in str(_open("signal_silent").says)
    assert _open("look_now") is None
    it.take({HEART_RATE: 80, SPO2: 97, OXIMETER_PULSE: 80}, minutes=3.5, **sent)
    assert _open("signal_silent") is None


def test_every_value_that_is_not_confirmed_is_kept(cast: Cast) -> None:
    """H23."""
    it = scene(cast)
    it.take({HEART_RATE: 18, SPO2: 84}, minutes=0.5)
    kept = Vital.objects.filter(standing="unconfirmed")
    assert {row.code for row in kept} == {HEART_RATE, SPO2}
    assert all("Look at the person now" in str(row.reason) for row in kept)
