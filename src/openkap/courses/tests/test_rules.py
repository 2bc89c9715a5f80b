"""The next step of a course, and every reason it must wait, follow from what is known and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.courses import rules
from openkap.protocols.loading import load_bundled
from tests.packs import BUNDLED

PACK = load_bundled(BUNDLED)
MONDAY = date(2026, 11, 30)


def _sessions(**changes: object) -> tuple[rules.SessionState, ...]:
    days = rules.planned_dates(first_day=MONDAY, per_week=3, pack=PACK)
    return tuple(
        replace(rules.SessionState(number, day), **changes) for number, day in enumerate(days, start=1)
    )


READY = rules.CourseState(
    sessions=_sessions(has_order=True),
    screening_outcome="eligible",
    screening_valid_until=MONDAY + timedelta(days=60),
    consent_valid=True,
    gates=frozenset({"preparation_done"}),
)


def test_three_a_week_from_a_monday_is_monday_wednesday_friday_for_two_weeks():
    days = rules.planned_dates(first_day=MONDAY, per_week=3, pack=PACK)
    assert [day.strftime("%a") for day in days] == ["Mon", "Wed", "Fri"] * 2
    assert (days[-1] - days[0]).days == 11


def test_two_a_week_takes_three_weeks():
    days = rules.planned_dates(first_day=MONDAY, per_week=2, pack=PACK)
    assert len({day.isocalendar()[1] for day in days}) == 3


@given(st.dates(date(2026, 1, 1), date(2036, 12, 31)), st.sampled_from([2, 3]))
def test_every_plan_keeps_the_interval_the_pace_and_working_days(first_day, per_week):
    days = rules.planned_dates(first_day=first_day, per_week=per_week, pack=PACK)
    assert rules.objections_to_plan(days, pack=PACK, today=first_day) == []
    assert all(day.weekday() < 5 for day in days)
    weeks = [day.isocalendar()[:2] for day in days]
    assert max(weeks.count(week) for week in weeks) <= per_week


def test_a_plan_too_close_too_long_or_in_the_past_is_refused():
    close = [MONDAY + timedelta(days=n) for n in (0, 1, 3, 5, 7, 9)]
    assert [o.code for o in rules.objections_to_plan(close, pack=PACK, today=MONDAY)] == ["PLAN_TOO_CLOSE"]
    long = [MONDAY + timedelta(days=7 * n) for n in range(6)]
    assert [o.code for o in rules.objections_to_plan(long, pack=PACK, today=MONDAY)] == ["PLAN_TOO_LONG"]
    days = rules.planned_dates(first_day=MONDAY, per_week=3, pack=PACK)
    told = rules.objections_to_plan(days, pack=PACK, today=MONDAY + timedelta(days=1))
    assert [o.code for o in told] == ["FIRST_DAY_PAST"]
    assert rules.objections_to_plan(days[:5], pack=PACK, today=MONDAY)[0].code == "SESSIONS_DIFFER"


@pytest.mark.parametrize(("per_week", "fine"), [(1, False), (2, True), (3, True), (4, False)])
def test_the_pace_is_one_the_pack_knows(per_week, fine):
    assert (rules.objections_to_pace(per_week, pack=PACK) == []) == fine


def test_a_new_course_waits_for_screening_and_says_so():
    state = rules.CourseState(sessions=_sessions())
    step = rules.next_step(state, today=MONDAY)
    assert (step.key, step.who) == ("screening", "prescriber")
    dosing = next(step for step in rules.steps(state, today=MONDAY) if step.key == "dosing")
    assert {o.code for o in dosing.blocks} == {"NOT_SCREENED", "NO_CONSENT", "NOT_PREPARED", "NO_ORDER"}


def test_when_all_gates_are_open_the_first_dose_is_free_on_its_day():
    step = rules.next_step(READY, today=MONDAY)
    assert (step.key, step.session_number, step.is_free) == ("dosing", 1, True)
    early = rules.next_step(READY, today=MONDAY - timedelta(days=3))
    assert [o.code for o in early.blocks] == ["NOT_THE_DAY"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"screening_outcome": ""}, "NOT_SCREENED"),
        ({"screening_outcome": "defer"}, "SCREENED_NOT_NOW"),
        ({"screening_outcome": "exclude"}, "SCREENED_EXCLUDED"),
        ({"screening_needs_second": True}, "SCREENING_NEEDS_SECOND"),
        ({"screening_valid_until": MONDAY - timedelta(days=1)}, "SCREENING_EXPIRED"),
        ({"consent_valid": False}, "NO_CONSENT"),
        ({"gates": frozenset()}, "NOT_PREPARED"),
        ({"sessions": _sessions()}, "NO_ORDER"),
        ({"sessions": _sessions(has_order=True, order_needs_second=True)}, "ORDER_NEEDS_SECOND"),
        ({"ended": True}, "COURSE_ENDED"),
    ],
)
def test_each_gate_alone_holds_back_the_dose(change, code):
    state = replace(READY, **change)
    told = rules.dosing_blocks(state, state.sessions[0], before=None, today=MONDAY)
    assert [o.code for o in told] == [code]


def test_a_withdrawn_consent_stops_the_course_in_the_middle():
    """H19."""
    held = replace(READY.sessions[0], gates=frozenset({"dosing_done", "integration_done"}))
    state = replace(READY, sessions=(held, *READY.sessions[1:]), consent_valid=False)
    assert rules.next_step(state, today=MONDAY).key == "consent"


def test_the_second_dose_waits_for_the_first_and_for_its_integration():
    first, second = READY.sessions[:2]
    told = rules.dosing_blocks(READY, second, before=first, today=MONDAY)
    assert [o.code for o in told] == ["EARLIER_NOT_HELD"]
    held = replace(first, gates=frozenset({"dosing_done"}))
    told = rules.dosing_blocks(READY, second, before=held, today=MONDAY)
    assert [o.code for o in told] == ["NOT_INTEGRATED"]
    state = replace(READY, sessions=(held, *READY.sessions[1:]))
    assert rules.next_step(state, today=MONDAY).key == "integration"


def test_after_all_sessions_follow_up_is_next_and_then_nothing():
    held = _sessions(gates=frozenset({"dosing_done", "integration_done"}))
    state = replace(READY, sessions=held)
    assert rules.next_step(state, today=MONDAY).key == "follow_up"
    done = replace(state, gates=frozenset({"preparation_done", "follow_up_planned"}))
    assert rules.next_step(done, today=MONDAY) is None


@pytest.mark.parametrize(
    ("gate", "number", "fine"),
    [
        ("preparation_done", None, True),
        ("preparation_done", 1, False),
        ("integration_done", 2, True),
        ("integration_done", None, False),
        ("open_sesame", None, False),
    ],
)
def test_only_known_gates_can_be_met(gate, number, fine):
    assert (rules.objections_to_gate(gate, session_number=number) == []) == fine


BOOLS = st.booleans()


@given(BOOLS, BOOLS, BOOLS, BOOLS)
def test_opening_one_more_gate_never_adds_a_reason_to_wait(consent, prepared, order, screening):
    state = replace(
        READY,
        consent_valid=consent,
        gates=frozenset({"preparation_done"} if prepared else ()),
        sessions=_sessions(has_order=order),
        screening_outcome="eligible" if screening else "",
    )
    before = rules.dosing_blocks(state, state.sessions[0], before=None, today=MONDAY)
    better = replace(state, consent_valid=True)
    after = rules.dosing_blocks(better, better.sessions[0], before=None, today=MONDAY)
    assert {o.code for o in after} <= {o.code for o in before}
