"""What a value may mean: real monitors send zeros, 277s and half cuffs; none of them is charted as true."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.watch.plausibility import (
    BREATHING,
    DBP,
    HEART_RATE,
    MEAN,
    OXIMETER_PULSE,
    SBP,
    SPO2,
    ReadingStanding,
)
from openkap.watch.plausibility import doubt as doubt_by
from openkap.watch.plausibility import judge as judge_by
from openkap.watch.simulated import course
from openkap.watch.statements import ReadingStatement
from openkap.watch.tests.numbers import SENSORS
from tests.samples import recordings

LIMITS = SENSORS.limits
judge, doubt = partial(judge_by, sensors=SENSORS), partial(doubt_by, sensors=SENSORS)
COLUMNS = {
    "HR": HEART_RATE,
    "PULSE": OXIMETER_PULSE,
    "RESP": BREATHING,
    "SpO2": SPO2,
    "NBPSys": SBP,
    "NBPDias": DBP,
    "NBPMean": MEAN,
}
TRUE, FALSE, ABSENT = ReadingStanding.PLAUSIBLE, ReadingStanding.IMPLAUSIBLE, ReadingStanding.ABSENT
GRAVE = ReadingStanding.UNCONFIRMED


def judged(**values: float | str):
    named = {
        "hr": HEART_RATE,
        "pulse": OXIMETER_PULSE,
        "rr": BREATHING,
        "spo2": SPO2,
        "sbp": SBP,
        "dbp": DBP,
        "map": MEAN,
    }
    return {
        name: judge({named[key]: Decimal(str(value)) for key, value in values.items()})[named[name]]
        for name in values
    }


def standings(**values: float | str):
    return {name: one.standing for name, one in judged(**values).items()}


def minutes_of(path):
    with path.open() as lines:
        rows = list(csv.DictReader(lines))
    return [judge({code: Decimal(row[name]) for name, code in COLUMNS.items() if row[name]}) for row in rows]


# What a nurse would say of these minutes of the sample: minute, reading, standing.
NOTABLE = [
    (0, SPO2, ABSENT),  # the probe is not on yet
    (0, OXIMETER_PULSE, ABSENT),
    (0, HEART_RATE, TRUE),
    (2, SBP, TRUE),  # 89/48, mean 64
    (4, MEAN, FALSE),  # a mean of 95 without its pressures
    (5, HEART_RATE, ABSENT),  # a heart rate of 0 beside a pulse of 41.5: the lead
    (5, BREATHING, ABSENT),
    (5, SBP, TRUE),  # 88/24, mean 46: low, and kept as low
    (6, SBP, FALSE),  # 76/12
    (6, DBP, FALSE),
    (9, SPO2, ABSENT),
    (9, OXIMETER_PULSE, TRUE),  # 76.2, and the heart rate says 70.5
    (10, SPO2, TRUE),  # 88.5 may be true and must be seen
    (13, SBP, TRUE),  # 149/117
    (17, SBP, GRAVE),  # 46/19
    (20, BREATHING, TRUE),  # 2.1 with a beating heart: not a lead that is off
    (21, SPO2, TRUE),  # 44.5 is kept as true: a sensor limit must not hide a person
    (24, HEART_RATE, ABSENT),
    (25, OXIMETER_PULSE, TRUE),
    (28, SPO2, GRAVE),  # no sensor counts a beat
    (28, OXIMETER_PULSE, GRAVE),
    (30, SBP, GRAVE),  # 41/17
    (30, MEAN, GRAVE),
    (32, SPO2, ABSENT),
    (32, OXIMETER_PULSE, FALSE),  # 141 with no saturation and no heart rate
    (34, MEAN, FALSE),
    (36, OXIMETER_PULSE, FALSE),  # 274
    (36, SPO2, FALSE),  # 96 from a probe that counts 274
    (37, OXIMETER_PULSE, FALSE),
    (37, BREATHING, GRAVE),  # hardly a breath, and no beat
    (38, BREATHING, GRAVE),
    (39, OXIMETER_PULSE, FALSE),
]


@pytest.fixture(scope="module")
def sample():
    return minutes_of(recordings()[0])


@pytest.mark.parametrize(("minute", "code", "standing"), NOTABLE)
def test_the_notable_minutes_of_a_recording_stand_as_a_nurse_would_say(sample, minute, code, standing):
    assert sample[minute][code].standing is standing


@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.stem)
def test_every_value_of_a_recording_is_kept_and_every_doubt_has_a_reason(path):
    minutes = minutes_of(path)
    assert len(minutes) >= 40
    for minute in minutes:
        for judged_value in minute.values():
            assert judged_value.charted is (judged_value.reason is None)
    charted_zeros = [
        code for minute in minutes for code, value in minute.items() if value.charted and not value.value
    ]
    assert charted_zeros == []


def test_a_pulse_of_277_is_implausible_and_takes_its_saturation_with_it():
    assert standings(hr=72, pulse=277, spo2=96) == {"hr": TRUE, "pulse": FALSE, "spo2": FALSE}


def test_a_cuff_of_40_over_10_is_not_confirmed_in_all_its_parts():
    """H11: an arm on the cuff, or a person in shock."""
    found = judged(sbp=40, dbp=10, map=20)
    assert {one.standing for one in found.values()} == {GRAVE}
    assert "Look at the person now" in str(found["map"].reason)


@pytest.mark.parametrize(
    "cuff", [{"sbp": 90, "dbp": 95}, {"sbp": 90, "dbp": 85}, {"sbp": 120, "dbp": 80, "map": 79}]
)
def test_a_cuff_whose_parts_disagree_is_not_charted(cuff):
    assert set(standings(**cuff).values()) == {FALSE}


def test_a_systolic_alone_stands_on_its_own():
    assert standings(sbp=120) == {"sbp": TRUE}


def test_a_heart_rate_of_zero_without_a_pulse_says_to_look_at_the_person():
    assert "Look at the person" in str(judged(hr=0, pulse=0, spo2=0)["hr"].reason)


def test_no_breath_with_a_beating_heart_is_not_explained_away_h11():
    """H11: a breathing rate of 0 beside a heart rate may be apnoea; it stays charted and marks."""
    assert standings(hr=70, rr=0) == {"hr": TRUE, "rr": TRUE}


@pytest.mark.parametrize(("breaths", "standing"), [(1.8, FALSE), (3.9, FALSE), (4, TRUE), (12, TRUE)])
def test_hardly_a_breath_from_electrodes_that_find_no_heart_is_doubted(breaths, standing):
    """H11: a pulse is counted elsewhere; from four breaths on the electrodes are believed."""
    assert standings(hr=0, pulse=70, rr=breaths)["rr"] is standing


@pytest.mark.parametrize(
    ("heart", "standing"), [(75, TRUE), (70, TRUE), (69, FALSE), (110, TRUE), (111, FALSE)]
)
def test_a_pulse_without_a_saturation_needs_a_heart_rate_within_twenty_of_it(heart, standing):
    """H11: the probe that finds no saturation counts a true pulse only where the electrodes say the same."""
    assert standings(spo2=0, pulse=90, hr=heart) == {"spo2": ABSENT, "pulse": standing, "hr": TRUE}


LIMIT_ROW = re.compile(r"^\| ([^|]+) \| ([\d-]+\.?\d?) to ([\d.]+) \| `([^`]+)` \|$", re.MULTILINE)


def test_the_page_on_plausibility_gives_every_limit_as_it_is_held():
    """H11: a limit is moved in two places, on purpose, or in none."""
    page = (Path(__file__).resolve().parents[4] / "docs/algorithms/plausibility.md").read_text(
        encoding="utf-8"
    )
    said = {code: (Decimal(low), Decimal(high)) for _, low, high, code in LIMIT_ROW.findall(page)}
    assert said == {code: (limit.lowest, limit.highest) for code, limit in LIMITS.items()}


def test_a_low_saturation_is_charted_with_a_remark_and_never_called_a_sensor_fault():
    found = judge({SPO2: Decimal(61), OXIMETER_PULSE: Decimal(88), HEART_RATE: Decimal(90)})
    assert found[SPO2].charted
    assert ReadingStatement.NOT_CALIBRATED(limit=Decimal(70)) in doubt(found)


def test_two_rates_that_disagree_are_both_charted_with_a_remark():
    assert ReadingStatement.RATES_DISAGREE() in doubt(
        judge({HEART_RATE: Decimal(52), OXIMETER_PULSE: Decimal(99)})
    )


def test_a_reading_without_limits_is_not_charted():
    assert judge({"0-0": Decimal(1)})["0-0"].standing is FALSE


anything = st.dictionaries(st.sampled_from(sorted(LIMITS)), st.decimals(-500, 9000, places=1), max_size=8)


@given(anything)
def test_whatever_came_comes_back_with_its_value_and_a_reason_when_not_charted(values):
    found = judge(values)
    assert {code: one.value for code, one in found.items()} == values
    for code, one in found.items():
        assert one.charted is (one.reason is None)
        if one.charted:
            assert LIMITS[code].lowest <= one.value <= LIMITS[code].highest


@given(st.integers(0, 10_000))
def test_the_simulated_monitor_repeats_itself_and_shows_the_usual_faults(seed):
    first, again = list(course(seed=seed)), list(course(seed=seed))
    assert first == again
    seen = {one.standing for minute in first for one in judge(minute.values).values()}
    assert seen == {TRUE, FALSE, ABSENT}
    assert judge(first[30].values)[SBP].standing is FALSE
    assert judge(first[0].values)[SPO2].standing is ABSENT
    assert judge(first[50].values)[SBP].standing is TRUE


@pytest.mark.parametrize(
    ("away", "remarked"), [(0, False), (20, False), (21, True), (-20, False), (-21, True)]
)
def test_two_rates_are_remarked_on_only_when_they_disagree(away: int, remarked: bool):
    told = doubt(judge({HEART_RATE: Decimal(90), OXIMETER_PULSE: Decimal(90 + away)}))
    assert told == ([ReadingStatement.RATES_DISAGREE()] if remarked else [])
