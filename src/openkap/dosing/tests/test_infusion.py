"""What has been given follows from rate and time, exactly, and never exceeds the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from openkap.dosing.infusion import DoseEvent, DoseEventKind, DosePhase, dose_at, objections_to_event

T0 = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
ORDERED = Decimal("36")


def minute(number):
    return T0 + timedelta(minutes=number)


def at(number, *events):
    return dose_at(events, ordered_mg=ORDERED, at=minute(number))


START = DoseEvent(DoseEventKind.START, minute(0), Decimal(54))


def test_a_running_infusion_gives_rate_times_time():
    dose = at(20, START)
    assert (dose.state, dose.given_mg, dose.planned_end_at) == (
        DosePhase.RUNNING,
        Decimal("18.0000"),
        minute(40),
    )


def test_a_pause_gives_nothing_and_moves_the_end():
    events = (START, DoseEvent(DoseEventKind.PAUSE, minute(10)), DoseEvent(DoseEventKind.RESUME, minute(15)))
    assert at(12, *events[:2]).given_mg == Decimal("9.0000")
    assert at(12, *events[:2]).planned_end_at is None
    assert at(15, *events).planned_end_at == minute(45)


def test_a_new_rate_counts_from_its_moment():
    dose = at(30, START, DoseEvent(DoseEventKind.RATE, minute(10), Decimal(27)))
    assert dose.given_mg == Decimal("18.0000")


def test_a_stop_is_final_and_keeps_what_was_given():
    dose = at(90, START, DoseEvent(DoseEventKind.STOP, minute(10)))
    assert (dose.state, dose.given_mg, dose.ended_at) == (DosePhase.STOPPED, Decimal("9.0000"), minute(10))


def test_a_pump_left_running_never_shows_more_than_the_order_h05():
    """H05: the syringe holds the ordered dose; the page cannot count beyond it."""
    assert at(500, START).given_mg == ORDERED


def test_an_injection_is_given_whole_at_its_moment():
    dose = at(1, DoseEvent(DoseEventKind.GIVEN, minute(0)))
    assert (dose.state, dose.given_mg, dose.ended_at) == (DosePhase.ENDED, ORDERED, minute(0))


def test_nothing_happens_twice_or_out_of_order_h05():
    """H05: a second start, or a resume without a pause, is refused with the state named."""
    assert [
        o.code
        for o in objections_to_event(DoseEventKind.START, [START], at=minute(1), rate_mg_per_h=Decimal(1))
    ] == ["RUNNING"]
    assert objections_to_event(DoseEventKind.RESUME, [START], at=minute(1))
    stopped = [START, DoseEvent(DoseEventKind.STOP, minute(5))]
    assert (
        "new order"
        in objections_to_event(DoseEventKind.START, stopped, at=minute(6), rate_mg_per_h=Decimal(1))[0].text
    )
    assert objections_to_event(DoseEventKind.PAUSE, [START], at=minute(-1))[0].code == "EVENT_BEFORE_LAST"
    assert objections_to_event(DoseEventKind.START, [], at=minute(0))[0].code == "RATE_MISSING"
    assert objections_to_event(DoseEventKind.PAUSE, [START], at=minute(1)) == []


steps = st.lists(
    st.tuples(st.sampled_from(list(DoseEventKind)), st.integers(0, 30), st.decimals("0.1", 200, places=1)),
    max_size=15,
)


@given(steps, st.integers(0, 600), st.integers(0, 600))
def test_the_given_dose_only_grows_and_stays_within_the_order_on_every_path_h05(steps, early, late):
    """H05: over random lawful paths the amount is monotone and never above the order."""
    events, moment = [], 0
    for kind, wait, rate in steps:
        moment += wait
        needs = rate if kind in (DoseEventKind.START, DoseEventKind.RATE) else None
        if not objections_to_event(kind, events, at=minute(moment), rate_mg_per_h=needs):
            events.append(DoseEvent(kind, minute(moment), needs))
    first, second = sorted((early, late))
    given_first = dose_at(events, ordered_mg=ORDERED, at=minute(first)).given_mg
    given_second = dose_at(events, ordered_mg=ORDERED, at=minute(second)).given_mg
    assert 0 <= given_first <= given_second <= ORDERED
