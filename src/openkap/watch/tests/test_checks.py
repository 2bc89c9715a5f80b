"""Timed checks are a function of facts and now: no restart, screen or clock can lose one (H07)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openkap.watch.checks import (
    ALERTNESS,
    OPEN,
    PRESSURE,
    RATE,
    SATURATION,
    CheckState,
    SessionTimes,
    TakenCheck,
    checks_at,
    next_due,
    unmeasured,
)
from openkap.watch.tests.numbers import iv_protocol

MON_IV = iv_protocol().schedule
MON_IM_SC = replace(
    MON_IV, id="MON_IM_SC", during_every_minutes=None, after_every_minutes=None, at_minutes=(15, 30, 60, 120)
)
T0 = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)  # the United States change to summer time at 07:00 UTC
ALL = (PRESSURE, RATE, SATURATION, ALERTNESS)


def minute(number: float) -> datetime:
    return T0 + timedelta(minutes=number)


def everything(*minutes: float) -> list[TakenCheck]:
    return [TakenCheck(what, minute(one)) for one in minutes for what in ALL]


def states(course, taken, at, schedule=MON_IV):
    return {check.key: check.state for check in checks_at(course, schedule, taken=taken, at=minute(at))}


RUNNING = SessionTimes(opened_at=minute(-20), started_at=minute(0))
ENDED = SessionTimes(opened_at=minute(-20), started_at=minute(0), ended_at=minute(40))


def test_before_the_dose_one_check_is_due_and_it_never_becomes_stale_in_silence():
    waiting = SessionTimes(opened_at=minute(-60))
    assert states(waiting, [], -59) == {"before": CheckState.DUE}
    assert states(waiting, everything(-58), -50) == {"before": CheckState.DONE}
    assert states(waiting, everything(-58), -30) == {"before": CheckState.DUE}


def test_set_minutes_count_from_the_last_dose_where_the_pack_says_so():
    """H07: after a second injection the checks begin anew."""
    from_end = replace(MON_IM_SC, counts_from="end")
    first = replace(RUNNING, started_at=minute(0), ended_at=minute(0))
    second = replace(first, ended_at=minute(20))
    due = {
        name: [
            check.due_at
            for check in checks_at(day, from_end, taken=(), at=minute(36))
            if check.key != "before"
        ]
        for name, day in (("first", first), ("second", second))
    }
    assert due["first"] == [minute(15), minute(30), minute(60)]
    assert due["second"] == [minute(35), minute(50)]
    running = replace(first, ended_at=None)
    assert [check.key for check in checks_at(running, from_end, taken=(), at=minute(36))] == ["before"]


def test_while_the_dose_runs_a_check_comes_every_ten_minutes():
    found = states(RUNNING, everything(-5, 10), 12)
    assert found == {"before": CheckState.DONE, "during:10": CheckState.DONE, "during:20": CheckState.WAITING}


def test_a_check_not_taken_is_due_then_overdue_then_missed_h07():
    """H07: the state follows from the time alone."""
    found = [states(RUNNING, everything(-5), at)["during:10"] for at in (9.9, 10, 12, 16.9, 17)]
    assert found == [
        CheckState.WAITING,
        CheckState.DUE,
        CheckState.OVERDUE,
        CheckState.OVERDUE,
        CheckState.MISSED,
    ]


def test_a_check_that_lacks_one_reading_is_not_done_and_says_which():
    taken = [one for one in everything(10) if one.what != ALERTNESS]
    check = {one.key: one for one in checks_at(RUNNING, MON_IV, taken=taken, at=minute(11))}["during:10"]
    assert check.state is CheckState.DUE
    assert check.missing == (ALERTNESS,)


def test_a_reading_from_the_future_of_a_wrong_clock_counts_for_nothing_h26():
    """H26: a tablet that runs ahead cannot tick a check that nobody has taken."""
    assert states(RUNNING, everything(-5, 15), 10)["during:10"] is CheckState.DUE


def test_after_the_end_checks_go_on_until_the_person_leaves():
    taken = everything(-5, 10, 20, 30, 40)
    found = states(ENDED, taken, 71)
    assert found["end"] is CheckState.DONE
    assert found["after:15"] is CheckState.MISSED
    assert found["after:30"] is CheckState.DUE
    left = SessionTimes(ENDED.opened_at, ENDED.started_at, ENDED.ended_at, left_at=minute(101))
    assert max(check.due_at for check in checks_at(left, MON_IV, taken=taken, at=minute(500))) == minute(100)


def test_an_injection_is_checked_at_set_minutes():
    given_at_once = SessionTimes(minute(-20), minute(0), minute(0))
    assert states(given_at_once, [], 16, MON_IM_SC) == {
        "before": CheckState.MISSED,
        "after:15": CheckState.DUE,
        "after:30": CheckState.WAITING,
    }


def test_the_next_thing_to_do_is_the_oldest_that_is_open():
    checks = checks_at(RUNNING, MON_IV, taken=everything(-5), at=minute(13))
    assert next_due(checks).key == "during:10"


facts = st.lists(st.tuples(st.sampled_from(ALL), st.integers(-20, 150)), max_size=40)
moments = st.integers(0, 149)


def course_at(started, ended):
    return SessionTimes(minute(-20), minute(started), minute(started + ended) if ended is not None else None)


@given(facts, moments, st.integers(1, 60), st.one_of(st.none(), st.integers(1, 100)))
def test_what_is_done_stays_done_as_time_goes_on_h07(taken, now, later, ended):
    """H07: restarts and jumps of the clock only change `at`; a check once done is never open again."""
    course = course_at(0, ended) if ended is None or ended <= now else course_at(0, None)
    known = [TakenCheck(what, minute(at)) for what, at in taken if at <= now]
    before = states(course, known, now)
    after = states(course, known, now + later)
    for key, state in before.items():
        if key != "before" and state in (CheckState.DONE, CheckState.MISSED):
            assert after[key] is state


@given(facts, moments, moments)
def test_the_order_of_facts_and_a_look_back_in_time_change_nothing_h07(taken, now, other):
    known = [TakenCheck(what, minute(at)) for what, at in taken]
    first = checks_at(RUNNING, MON_IV, taken=known, at=minute(now))
    checks_at(RUNNING, MON_IV, taken=known, at=minute(other))
    assert checks_at(RUNNING, MON_IV, taken=list(reversed(known)), at=minute(now)) == first


@given(moments)
def test_no_ten_minutes_of_a_running_dose_are_without_a_check_h07(now):
    """H07: there is always a check waiting, due or overdue, never more than ten minutes off."""
    check = next_due(checks_at(RUNNING, MON_IV, taken=[], at=minute(now)))
    assert check is not None
    assert check.due_at - minute(now) <= timedelta(minutes=10)


def last_of_each(taken):
    last = {}
    for one in taken:
        last[one.what] = max(last.get(one.what, one.at), one.at)
    return last


SCHEDULES = st.builds(
    replace,
    st.sampled_from([MON_IV, MON_IM_SC, replace(MON_IM_SC, at_minutes=(0, 4, 8, 30), counts_from="end")]),
    early_minutes=st.integers(0, 5),
)


@given(SCHEDULES, facts, moments, st.one_of(st.none(), st.integers(1, 100)))
def test_what_was_measured_last_says_which_checks_are_open_and_which_were_not_made_h07(
    schedule, taken, now, ended
):
    """H07: a session of hours is asked what was measured last, and never what was measured since it began."""
    course = course_at(0, ended) if ended is None or ended <= now else course_at(0, None)
    known = [TakenCheck(what, minute(at)) for what, at in taken if at <= now]
    last = last_of_each(known)
    by_all = checks_at(course, schedule, taken=known, at=minute(now))
    by_last = checks_at(
        course, schedule, taken=[TakenCheck(what, at) for what, at in last.items()], at=minute(now)
    )
    assert [it for it in by_last if it.state in OPEN] == [it for it in by_all if it.state in OPEN]
    assert unmeasured(by_last, last_taken=last) == unmeasured(by_all, last_taken=last)
