"""Nobody leaves early, on any path; what is missing counts against leaving (H14, H15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkap.dosing.discharge import (
    DischargeFacts,
    earliest,
    objections_to_closing,
    objections_to_discharge,
    objections_to_going_against_advice,
)
from openkap.dosing.tests.numbers import iv_discharge
from openkap.kernel.answer import Answer
from openkap.protocols.loading import load_bundled
from openkap.watch.readings import Pressure
from tests.packs import BUNDLED

D_RAC = iv_discharge()
D_SPR_TIME = replace(
    iv_discharge(),
    id="D_SPR_TIME",
    observe_minutes=120,
    counts_from="start",
    spo2_from=None,
    low_sbp_under=None,
    low_percent=None,
)
T0 = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


def minute(number):
    return T0 + timedelta(minutes=number)


READY = DischargeFacts(
    started_at=minute(0),
    ended_at=minute(40),
    baseline=Pressure(Decimal(124), Decimal(78), minute(-5)),
    pressure=Pressure(Decimal(130), Decimal(80), minute(98)),
    moaas=5,
    moaas_at=minute(98),
    spo2=Decimal(97),
    spo2_at=minute(98),
    gait_steady=Answer.YES,
    oriented=Answer.YES,
    escort_seen=Answer.YES,
    no_drive_signed_at=minute(-30),
)


def codes(person, at=100.0, rule=D_RAC):
    return [one.code for one in objections_to_discharge(person, rule, at=minute(at))]


HIGH = Pressure(Decimal(150), Decimal(95), minute(-5))


def test_a_pressure_that_fell_is_settled_unless_the_low_rule_says_otherwise():
    """H14: 118/74 after 150/95 was called not settled; 90 is no low pressure, 89 is."""
    fell = replace(READY, baseline=HIGH, pressure=Pressure(Decimal(118), Decimal(74), minute(98)))
    assert codes(fell) == []
    low = replace(READY, pressure=Pressure(Decimal(90), Decimal(60), minute(98)))
    assert codes(low) == []
    assert codes(replace(low, pressure=Pressure(Decimal(89), Decimal(60), minute(98)))) == ["BP_LOW"]
    assert (D_RAC.low_sbp_under, D_RAC.low_percent) == (90, 30)


def test_of_several_low_lines_the_strictest_counts():
    """H14: the highest systolic line, and the smallest fall."""
    pack = load_bundled(BUNDLED)
    low = next(row for row in pack.thresholds if row.id == "T_BP_LOW")
    stricter = tuple(
        replace(test, value=Decimal(value)) for test, value in zip(low.tests, (95, 25), strict=True)
    )
    more = replace(pack, thresholds=(*pack.thresholds, replace(low, id="T_BP_LOWER", tests=stricter)))
    rule = iv_discharge(more)
    assert (rule.low_sbp_under, rule.low_percent) == (95, 25)


def test_a_person_who_meets_everything_may_leave():
    assert codes(READY) == []
    assert earliest(READY, D_RAC) == minute(100)


@pytest.mark.parametrize(
    ("change", "at", "code"),
    [
        ({}, 99.9, "OBS_TIME_SHORT"),
        ({"ended_at": None}, 100, "DOSE_RUNNING"),
        ({"started_at": None}, 100, "NO_DOSE"),
        ({"baseline": None}, 100, "BASELINE_MISSING"),
        ({"pressure": None}, 100, "PRESSURE_MISSING"),
        ({}, 114, "PRESSURE_MISSING"),
        ({"pressure": Pressure(Decimal(150), Decimal(80), minute(98))}, 100, "BP_NOT_SETTLED"),
        ({"pressure": Pressure(Decimal(89), Decimal(60), minute(98))}, 100, "BP_LOW"),
        ({"pressure": Pressure(Decimal(105), Decimal(78), minute(98)), "baseline": HIGH}, 100, "BP_FALLEN"),
        ({"moaas": None}, 100, "MOAAS_MISSING"),
        ({"moaas": 4}, 100, "NOT_ALERT"),
        ({"spo2": None}, 100, "SPO2_MISSING"),
        ({"spo2_at": minute(30)}, 100, "SPO2_MISSING"),
        ({"spo2_at": minute(84)}, 100, "SPO2_MISSING"),
        ({"spo2": Decimal(93)}, 100, "SPO2_LOW"),
        ({"gait_steady": Answer.NOT_ASKED}, 100, "GAIT_NOT_ASKED"),
        ({"gait_steady": Answer.NO}, 100, "GAIT_NOT_STEADY"),
        ({"oriented": Answer.NOT_ASKED}, 100, "ORIENTED_NOT_ASKED"),
        ({"escort_seen": Answer.NOT_ASKED}, 100, "ESCORT_NOT_ASKED"),
        ({"no_drive_signed_at": None}, 100, "NO_DRIVE_NOT_BEFORE"),
        ({"no_drive_signed_at": minute(50)}, 100, "NO_DRIVE_NOT_BEFORE"),
        ({"marks_open": 1}, 100, "ONE_MARK_OPEN"),
        ({"marks_open": 2}, 100, "MARKS_OPEN"),
    ],
)
def test_each_thing_that_is_missing_or_wrong_keeps_the_person_here_h14_h15(change, at, code):
    """H14, H15: one objection for each; the promise not to drive must be older than the dose."""
    assert code in codes(replace(READY, **change), at)


def test_no_rule_for_the_product_is_no_permission():
    assert codes(READY, rule=None) == ["NO_DISCHARGE_RULE"]


def test_esketamine_counts_from_the_first_device():
    assert earliest(READY, D_SPR_TIME) == minute(120)


@pytest.mark.parametrize(
    ("rule", "words"), [(D_SPR_TIME, "120 min after the start"), (D_RAC, "60 min after the end")]
)
def test_what_is_left_is_said_with_the_moment_it_counts_from(rule, words):
    (one,) = [
        one for one in objections_to_discharge(READY, rule, at=minute(98)) if one.code == "OBS_TIME_SHORT"
    ]
    assert words in one.text


def test_what_was_measured_before_the_end_of_the_dose_does_not_count():
    """H14: a pack that watches for five minutes only; at two minutes before the end the drug still ran."""
    short = replace(D_SPR_TIME, id="D_SHORT", observe_minutes=5, counts_from="end")
    before = replace(READY, moaas_at=minute(38), spo2_at=minute(38))
    before = replace(before, pressure=Pressure(Decimal(126), Decimal(80), minute(38)))
    after = replace(READY, moaas_at=minute(40), spo2_at=minute(40))
    after = replace(after, pressure=Pressure(Decimal(126), Decimal(80), minute(40)))
    assert codes(after, at=46, rule=short) == []
    assert len(codes(before, at=46, rule=short)) == 3


def _closing(**other):
    told = {"dose_given": False, "dose_ended": False, "why": "Fever", "role": "nurse"}
    return [str(one.code) for one in objections_to_closing(**{**told, **other})]


def test_a_session_without_a_dose_is_closed_with_words_and_after_a_dose_by_a_prescriber():
    """H14: leaving is the way out; any other needs the words why."""
    assert _closing() == []
    assert _closing(why=" ") == ["WHY_MISSING"]
    assert _closing(dose_given=True, dose_ended=True, role="prescriber") == []
    assert _closing(dose_given=True, dose_ended=True) == ["CLOSE_BY_PRESCRIBER"]
    assert _closing(dose_given=True, role="prescriber") == ["DOSE_RUNNING"]


def _going(**other):
    told = {
        "dose_given": True,
        "dose_ended": True,
        "why": "“Enough”",
        "told": "Not to drive",
        "role": "nurse",
    }
    return [str(one.code) for one in objections_to_going_against_advice(**{**told, **other})]


def test_who_will_not_stay_may_go_when_the_drug_has_stopped_and_both_sides_are_written_down():
    """H14: nobody is held; nobody goes with the drug running."""
    assert _going() == _going(role="prescriber") == []
    assert _going(role="therapist") == ["BY_THE_BEDSIDE"]
    assert _going(dose_given=False) == ["CLOSE_INSTEAD"]
    assert _going(dose_ended=False) == ["DOSE_NOT_STOPPED"]
    assert _going(why="") == ["WORDS_MISSING"]
    assert _going(told=" ") == ["TOLD_MISSING"]


answers = st.sampled_from(list(Answer))
pressures = st.one_of(
    st.none(),
    st.builds(
        Pressure,
        st.integers(60, 200).map(Decimal),
        st.integers(30, 120).map(Decimal),
        st.integers(-10, 200).map(minute),
    ),
)
people = st.builds(
    DischargeFacts,
    started_at=st.one_of(st.none(), st.just(minute(0))),
    ended_at=st.one_of(st.none(), st.integers(0, 100).map(minute)),
    baseline=pressures,
    pressure=pressures,
    moaas=st.one_of(st.none(), st.integers(0, 5)),
    moaas_at=st.one_of(st.none(), st.integers(-10, 200).map(minute)),
    spo2=st.one_of(st.none(), st.integers(85, 100).map(Decimal)),
    spo2_at=st.one_of(st.none(), st.integers(-10, 200).map(minute)),
    gait_steady=answers,
    oriented=answers,
    escort_seen=answers,
    no_drive_signed_at=st.one_of(st.none(), st.integers(-100, 100).map(minute)),
    marks_open=st.integers(0, 2),
)


@settings(max_examples=600)
@given(people, st.floats(-50, 300))
def test_no_random_path_lets_anyone_leave_early_h14(person, at):
    """H14: whenever there is no objection, every condition is met by a check written apart from the rule."""
    if codes(person, at):
        return
    assert minute(at) - person.ended_at >= timedelta(minutes=60)
    assert person.moaas == 5
    assert person.ended_at <= person.moaas_at <= minute(at)
    assert person.ended_at <= person.spo2_at <= minute(at)
    assert person.spo2 >= 94
    assert person.pressure.at >= person.ended_at
    assert person.pressure.sbp <= Decimal("1.2") * person.baseline.sbp
    assert person.pressure.sbp >= 90
    assert person.pressure.sbp > Decimal("0.7") * person.baseline.sbp
    assert {person.gait_steady, person.oriented, person.escort_seen} == {Answer.YES}
    assert person.no_drive_signed_at <= person.started_at
    assert person.marks_open == 0


@given(st.floats(100, 113))
def test_the_ready_person_is_the_control_that_may_leave_at_any_such_time(at):
    assert codes(READY, at) == []
