"""An alert is never without an owner, never without a clock, and never closed by itself."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from openkap.alerts import rules
from openkap.alerts.numbers import AlertNumbers
from openkap.defaults.loading import shipped

NUMBERS = shipped(AlertNumbers)
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OKAFOR, SAM, KIT = (uuid.UUID(int=n) for n in (1, 2, 3))


def _urgent() -> rules.AlertState:
    return rules.raised(severity="urgent", owner=OKAFOR, numbers=NUMBERS, at=AT)


def test_the_clock_starts_when_the_alert_is_raised():
    assert _urgent().due_at == AT + timedelta(minutes=10)
    assert not rules.is_overdue(_urgent(), at=AT + timedelta(minutes=9, seconds=59))
    assert rules.is_overdue(_urgent(), at=AT + timedelta(minutes=10))


def test_only_the_owner_acknowledges_and_only_once():
    state = _urgent()
    told = rules.objections_to_acknowledging(state, by=SAM, may_take=False)
    assert [o.code for o in told] == ["WITH_SOMEBODY_ELSE"]
    assert rules.objections_to_acknowledging(state, by=OKAFOR, may_take=False) == []
    seen = rules.acknowledged(state, numbers=NUMBERS, at=AT)
    told = rules.objections_to_acknowledging(seen, by=OKAFOR, may_take=True)
    assert [o.code for o in told] == ["ALREADY_ACKNOWLEDGED"]


def test_whoever_may_answer_takes_it_and_is_its_owner():
    seen = rules.acknowledged(_urgent(), numbers=NUMBERS, at=AT)
    for state in (_urgent(), seen):
        assert rules.objections_to_acknowledging(state, by=SAM, may_take=True) == []
    taken = rules.taken(_urgent(), by=SAM, numbers=NUMBERS, at=AT)
    assert (taken.owner, taken.acknowledged_at, taken.due_at) == (SAM, AT, AT + timedelta(minutes=60))


def test_nobody_answers_what_they_have_not_acknowledged():
    told = rules.objections_to_answering(_urgent(), by=OKAFOR, outcome="spoke", note="We spoke.")
    assert [o.code for o in told] == ["NOT_ACKNOWLEDGED"]


def test_an_answer_tells_what_came_of_it_and_what_was_done():
    seen = rules.acknowledged(_urgent(), numbers=NUMBERS, at=AT)
    told = rules.objections_to_answering(seen, by=OKAFOR, outcome="", note=" ")
    assert {o.code for o in told} == {"OUTCOME_MISSING", "NOTE_MISSING"}
    assert not rules.answered(seen, at=AT).is_open


def test_a_new_owner_has_to_acknowledge_for_themself():
    seen = rules.acknowledged(_urgent(), numbers=NUMBERS, at=AT)
    passed = rules.handed_over(seen, to=SAM, numbers=NUMBERS, at=AT + timedelta(minutes=5))
    assert passed.acknowledged_at is None
    assert passed.due_at == AT + timedelta(minutes=15)


def test_an_acknowledged_alert_that_nobody_answers_escalates_too():
    """H08: seen but not acted on."""
    seen = rules.acknowledged(_urgent(), numbers=NUMBERS, at=AT)
    late = AT + timedelta(minutes=60)
    assert rules.is_overdue(seen, at=late)
    passed = rules.escalated(seen, chain=[OKAFOR, SAM, KIT], numbers=NUMBERS, at=late)
    assert (passed.owner, passed.acknowledged_at) == (SAM, None)


def test_the_chain_goes_round_and_with_nobody_else_the_owner_keeps_it():
    state = _urgent()
    for expected in (SAM, KIT, OKAFOR, SAM):
        state = rules.escalated(state, chain=[OKAFOR, SAM, KIT], numbers=NUMBERS, at=state.due_at)
        assert state.owner == expected
    alone = rules.escalated(_urgent(), chain=[OKAFOR], numbers=NUMBERS, at=AT)
    assert (alone.owner, alone.escalations) == (OKAFOR, 1)
    assert rules.escalated(_urgent(), chain=[], numbers=NUMBERS, at=AT).owner == OKAFOR


STEPS = st.lists(st.tuples(st.sampled_from("weaho"), st.sampled_from([OKAFOR, SAM, KIT])), max_size=30)


@settings(max_examples=300)
@given(STEPS)
def test_whatever_happens_an_open_alert_has_an_owner_and_a_time(steps):
    """H12, H34: no path leads to an open alert that nobody owns or that is never due."""
    state, at = _urgent(), AT
    for kind, person in steps:
        at += timedelta(minutes=7)
        if rules.is_overdue(state, at=at):
            state = rules.escalated(state, chain=[OKAFOR, SAM, KIT], numbers=NUMBERS, at=at)
        if kind == "a" and not rules.objections_to_acknowledging(state, by=person, may_take=person != KIT):
            state = rules.taken(state, by=person, numbers=NUMBERS, at=at)
        if kind == "h" and not rules.objections_to_handing_over(
            state, to=person, why="shift", may_answer=True
        ):
            state = rules.handed_over(state, to=person, numbers=NUMBERS, at=at)
        if kind == "e" and not rules.objections_to_answering(state, by=person, outcome="spoke", note="x"):
            state = rules.answered(state, at=at)
        assert state.owner in (OKAFOR, SAM, KIT)
        assert not state.is_open or state.due_at > at


def test_an_answered_alert_stays_as_it_was_answered():
    done = rules.answered(rules.acknowledged(_urgent(), numbers=NUMBERS, at=AT), at=AT)
    told = rules.objections_to_acknowledging(done, by=OKAFOR, may_take=True)
    assert [o.code for o in told] == ["ALREADY_ANSWERED"]
    assert not rules.is_overdue(done, at=AT + timedelta(days=9))
    assert (
        rules.objections_to_handing_over(done, to=SAM, why="x", may_answer=True)[0].code == "ALREADY_ANSWERED"
    )
