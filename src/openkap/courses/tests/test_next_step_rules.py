"""Until when what comes next holds, what of it is kept, and whom it waits for (H34)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.courses import next_steps
from openkap.courses.reasons import CoursesReason
from openkap.courses.rules import CourseState, SessionState
from tests.cast import NOW

TODAY = NOW.date()
DAYS = st.integers(-3, 12).map(lambda days: TODAY + timedelta(days=days))


@pytest.mark.parametrize("value", [3.5, NOW, None])
def test_what_would_come_back_changed_is_not_kept(value) -> None:
    with pytest.raises(TypeError):
        next_steps.kept([CoursesReason.NOT_THE_DAY(day=value)])


def test_what_stands_in_the_way_comes_back_as_it_was() -> None:
    blocks = (
        CoursesReason.NO_ORDER(number=2),
        CoursesReason.NOT_THE_DAY(day=TODAY),
        CoursesReason.SCREENING_NEWS(text="Schizophrenia"),
    )
    again = next_steps.restored(next_steps.kept(blocks))
    assert again == blocks
    assert [it.text for it in again] == [it.text for it in blocks]


def _sessions():
    gates = st.sets(st.sampled_from(["dosing_done", "integration_done"])).map(frozenset)
    one = st.tuples(DAYS, gates, st.booleans(), st.booleans())
    return st.lists(one, max_size=4).map(
        lambda rows: tuple(
            SessionState(number, day, gates=met, has_order=has, order_needs_second=has and second)
            for number, (day, met, has, second) in enumerate(rows, start=1)
        )
    )


STATES = st.builds(
    CourseState,
    sessions=_sessions(),
    screening_outcome=st.sampled_from(["", "eligible", "conditional", "defer", "exclude"]),
    screening_valid_until=st.none() | DAYS,
    screening_needs_second=st.booleans(),
    screening_news=st.sampled_from([(), ("Schizophrenia",)]),
    consent_valid=st.booleans(),
    gates=st.sets(st.sampled_from(["preparation_done", "follow_up_planned"])).map(frozenset),
)


@given(STATES, DAYS)
def test_what_comes_next_holds_until_the_day_it_says(state: CourseState, today: date) -> None:
    first = next_steps.count(state, today=today)
    last = first.holds_until or today + timedelta(days=40)
    assert last >= today
    for days in range((last - today).days + 1):
        again = next_steps.count(state, today=today + timedelta(days=days))
        assert (again.step, again.next_dose_on) == (first.step, first.next_dose_on)


def test_a_prescriber_is_needed_for_what_only_a_prescriber_can_do() -> None:
    """Every step that waits for an order, a screening or a signature; and no other."""
    for outcome, order in product(["", "eligible"], [False, True]):
        sessions = (SessionState(1, TODAY, has_order=order),)
        state = CourseState(
            sessions, screening_outcome=outcome, consent_valid=True, gates=frozenset({"preparation_done"})
        )
        step = next_steps.count(state, today=TODAY).step
        assert step is not None
        assert next_steps.needs_prescriber(step) == (not outcome or not order)
