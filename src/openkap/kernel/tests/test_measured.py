"""H27: no value is of the future, from before the person was there, or newer than it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.kernel.measured import measured_in_truth, objections_to_time

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECONDS = st.integers(-900, 900).map(lambda n: timedelta(seconds=n))


@pytest.mark.parametrize(
    ("measured", "tolerance", "codes"),
    [
        (timedelta(0), timedelta(0), []),
        (timedelta(microseconds=1), timedelta(0), ["TIME_IN_FUTURE"]),
        (timedelta(minutes=5), timedelta(minutes=5), []),
        (timedelta(minutes=5, microseconds=1), timedelta(minutes=5), ["TIME_IN_FUTURE"]),
        (-timedelta(days=1), timedelta(0), []),
        (-timedelta(days=1, microseconds=1), timedelta(0), ["TIME_TOO_EARLY"]),
    ],
)
def test_a_time_lies_between_the_first_possible_moment_and_now(measured, tolerance, codes):
    told = objections_to_time(AT + measured, at=AT, not_before=AT - timedelta(days=1), tolerance=tolerance)
    assert [it.code for it in told] == codes


@given(SECONDS, st.integers(0, 900), st.integers(0, 60))
def test_a_clock_that_is_ahead_or_behind_makes_no_value_newer_than_it_is(off, age, under_way):
    """Whatever the sender's clock says: a value looks newer by no more than the message was under way."""
    measured = AT - timedelta(seconds=age + under_way)
    sent = AT - timedelta(seconds=under_way)
    charted = measured_in_truth(measured + off, sent_at=sent + off, at=AT)
    assert charted <= AT
    assert charted <= measured + timedelta(seconds=under_way)
    if off <= timedelta(0):
        assert charted == measured + off


def test_without_a_time_of_sending_a_value_is_at_most_of_now():
    assert measured_in_truth(AT + timedelta(minutes=2), sent_at=None, at=AT) == AT
    assert measured_in_truth(AT - timedelta(minutes=2), sent_at=None, at=AT) == AT - timedelta(minutes=2)
