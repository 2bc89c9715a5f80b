"""Marks: few, named by cause, answered with an action and a recheck, escalated when unanswered (H08, H09)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.watch.marks import Level, MarkStanding, MarkValue, findings, must_escalate, settled, to_raise
from openkap.watch.plausibility import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2
from openkap.watch.tests.numbers import WORSE_BY, iv_protocol
from openkap.watch.thinning import may_be_crossed

THRESHOLDS = iv_protocol().thresholds
T0 = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
BASE = {SBP: Decimal(124), DBP: Decimal(78), SPO2: Decimal(98), HEART_RATE: Decimal(72)}


def minute(number):
    return T0 + timedelta(minutes=number)


def found(*values, at=60):
    listed = [MarkValue(code, Decimal(value), minute(when)) for code, value, when in values]
    return findings(listed, baseline=BASE, thresholds=THRESHOLDS, at=minute(at), started_at=T0)


def levels(*values):
    return [(one.threshold.cause, one.threshold.level) for one in found(*values)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([(SBP, 150, 1)], []),
        ([(SBP, 179, 1)], []),
        ([(SBP, 180, 1)], [("pressure", Level.ACT)]),
        ([(SBP, 180, 1), (SBP, 184, 3)], [("pressure", Level.STOP)]),
        ([(SBP, 184, 1), (SBP, 140, 3)], []),
        ([(DBP, 110, 1), (DBP, 112, 3)], [("pressure", Level.STOP)]),
        ([(SPO2, 94, 1)], [("saturation", Level.LOOK)]),
        ([(SPO2, 89, 1)], [("saturation", Level.STOP)]),
        ([(BREATHING, 9, 1)], [("breathing", Level.STOP)]),
        ([(MOAAS, 3, 1)], [("alertness", Level.STOP)]),
        ([(MOAAS, 4, 1)], []),
        ([(HEART_RATE, 130, 1)], []),
        ([(HEART_RATE, 130, 1), (HEART_RATE, 128, 6)], [("rate", Level.ACT)]),
        ([(HEART_RATE, 130, 1), (HEART_RATE, 100, 3), (HEART_RATE, 128, 6)], []),
        ([(HEART_RATE, 44, 1), (HEART_RATE, 45, 7)], [("rate", Level.ACT)]),
    ],
)
def test_a_value_marks_at_its_level_and_only_the_worst_of_a_cause(values, expected):
    assert levels(*values) == expected


def test_a_row_that_speaks_of_the_infusion_is_silent_before_it():
    """H10: T_INTRA_BP is for what is measured from the start on; T_SPO2_STOP for any time."""
    listed = [MarkValue(SBP, Decimal(195), minute(1)), MarkValue(SBP, Decimal(196), minute(3))]
    listed += [MarkValue(SPO2, Decimal(88), minute(3))]
    told = {"baseline": BASE, "thresholds": THRESHOLDS, "at": minute(4)}
    assert [one.threshold.cause for one in findings(listed, **told)] == ["saturation"]
    after_the_first = findings(listed, **told, started_at=minute(2))
    assert [(one.threshold.cause, one.threshold.level) for one in after_the_first] == [
        ("saturation", Level.STOP),
        ("pressure", Level.ACT),
    ]


def test_a_repeat_counts_only_when_the_minutes_of_its_row_lie_between():
    """H10: two readings a minute apart are no repeat after ten minutes."""
    row = replace(next(it for it in THRESHOLDS if it.repeats == 2), gap_minutes=10)
    for gap, expected in ((9, 0), (10, 1)):
        listed = [MarkValue(row.code, row.limit, minute(1)), MarkValue(row.code, row.limit, minute(1 + gap))]
        told = {"baseline": BASE, "thresholds": [row], "at": minute(60), "started_at": T0}
        assert len(findings(listed, **told)) == expected


def test_the_most_urgent_mark_comes_first_and_says_what_and_how_much():
    marks = found((SBP, 184, 1), (SPO2, 88, 2))
    assert [str(one.says) for one in marks] == ["saturation 88 %", "systolic pressure 184 mmHg"]
    assert all(one.threshold.action for one in marks)


def test_no_second_mark_for_the_same_cause_unless_it_is_worse_h09():
    """H09: an open mark is not repeated; a higher level is a new mark."""
    look = MarkStanding("saturation", Level.LOOK, minute(1))
    assert to_raise(found((SPO2, 92, 2)), [look], worse_by=WORSE_BY) == ()
    assert [one.threshold.level for one in to_raise(found((SPO2, 88, 2)), [look], worse_by=WORSE_BY)] == [
        Level.STOP
    ]
    closed = MarkStanding("saturation", Level.LOOK, minute(1), closed_at=minute(2))
    assert len(to_raise(found((SPO2, 92, 3)), [closed], worse_by=WORSE_BY)) == 1


@pytest.mark.parametrize(
    ("code", "answered", "near", "clearly"),
    [
        (SBP, 185, 194, 195),
        (DBP, 112, 121, 122),
        (HEART_RATE, 125, 134, 135),
        (SPO2, 88, 87, 86),
        (BREATHING, 7, 6, 5),
        (MOAAS, 2, 2, 1),
    ],
)
def test_an_answered_mark_asks_again_when_the_value_is_clearly_worse_h08(code, answered, near, clearly):
    """H08, H09: by the noise of a sensor nothing is repeated; ten, two, or one step beyond it is."""
    (first,) = found((code, answered, 1), (code, answered, 6))
    cause, level = first.threshold.cause, first.threshold.level
    mark = MarkStanding(cause, level, minute(1), acknowledged_at=minute(2), extent=first.extent)
    for value, expected in ((near, 0), (clearly, 1)):
        (again,) = found((code, value, 8), (code, value, 13))
        known = replace(mark, level=again.threshold.level)
        assert len(to_raise([again], [known], worse_by=WORSE_BY)) == expected


def test_an_answered_mark_closes_only_when_measured_again_and_settled_h08():
    """H08: seeing is not enough; the recheck closes it."""
    mark = MarkStanding("pressure", Level.LOOK, minute(1), acknowledged_at=minute(2), recheck_at=minute(7))
    assert not settled(mark, findings=[], latest=minute(2))
    assert not settled(mark, findings=found((SBP, 186, 5)), latest=minute(5))
    assert settled(mark, findings=found((SBP, 130, 5)), latest=minute(5))
    assert not settled(MarkStanding("pressure", Level.LOOK, minute(1)), findings=[], latest=minute(5))


def test_an_unanswered_mark_and_a_forgotten_recheck_reach_a_second_person_h08():
    """H08: two minutes without an answer, or a recheck two minutes over, escalates."""
    fresh = MarkStanding("pressure", Level.ACT, minute(0))
    assert [must_escalate(fresh, after_seconds=120, at=minute(m)) for m in (1, 2)] == [False, True]
    answered = MarkStanding("pressure", Level.ACT, minute(0), minute(1), minute(6))
    assert [must_escalate(answered, after_seconds=120, at=minute(m)) for m in (5, 7.9, 8)] == [
        False,
        False,
        True,
    ]


readings = st.lists(
    st.tuples(
        st.sampled_from([SBP, DBP, SPO2, HEART_RATE, BREATHING, MOAAS]),
        st.integers(0, 220),
        st.integers(0, 60),
    ),
    max_size=30,
)


@given(readings)
def test_raising_what_was_found_leaves_nothing_to_raise_again_h09(values):
    """H09: the alarm count is bounded by cause and level, however the values jump."""
    now = found(*values)
    standing = [MarkStanding(one.threshold.cause, one.threshold.level, minute(60)) for one in now]
    assert to_raise(now, standing, worse_by=WORSE_BY) == ()
    assert len(now) <= 5


LISTED = st.lists(
    st.tuples(
        st.sampled_from([SBP, DBP, HEART_RATE, SPO2, BREATHING, MOAAS]),
        st.integers(0, 200),
        st.integers(0, 40),
    ),
    max_size=30,
)


@given(LISTED, st.integers(0, 40))
def test_where_the_last_of_each_reading_is_within_its_limits_nothing_is_found_h09(listed, at):
    """H09: what was measured last says whether the rest has to be read."""
    values = [MarkValue(code, Decimal(value), minute(when)) for code, value, when in listed if when <= at]
    newest = {code: max(it.at for it in values if it.code == code) for code in {it.code for it in values}}
    latest = [it for it in values if it.at == newest[it.code]]
    found = findings(values, baseline=BASE, thresholds=THRESHOLDS, at=minute(at), started_at=T0)
    assert may_be_crossed(latest, baseline=BASE, thresholds=THRESHOLDS) or found == ()
