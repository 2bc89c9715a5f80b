"""When nobody is here a message leaves the building, and a patient is promised only what is set up."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.alerts import cover, crisis
from openkap.alerts.cover import CoverDraft, Hours, Pace, Promise, SentMessage, Told
from openkap.alerts.numbers import AlertNumbers
from openkap.defaults.loading import shipped
from openkap.kernel.evidence import Status

NEW_YORK = ZoneInfo("America/New_York")
DEFAULT_PACE = cover.pace_by(shipped(AlertNumbers))
OFFICE = Hours(
    NEW_YORK, {day: (time(8), time(18)) for day in cover.DAYS[:5]}, frozenset({date(2026, 11, 26)})
)
TUESDAY_NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # Tuesday 22:00 in New York
WEDNESDAY_NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
JUNE, BELLO, SAM = (uuid.UUID(int=n) for n in (1, 2, 3))


def test_the_clinic_is_open_from_the_first_minute_to_the_last():
    eight, six = (datetime(2026, 11, 25, hour, tzinfo=NEW_YORK) for hour in (8, 18))
    moment = timedelta(microseconds=1)
    assert OFFICE.closes_at(eight - moment) is None
    assert OFFICE.closes_at(eight) == six
    assert OFFICE.closes_at(six - moment) == six
    assert OFFICE.closes_at(six) is None


def test_a_day_off_and_a_weekend_are_passed_over():
    """Thursday 26 November is closed all the same: from Wednesday evening the next opening is Friday."""
    assert OFFICE.next_opening(datetime(2026, 11, 26, 0, tzinfo=UTC)) == datetime(
        2026, 11, 27, 8, tzinfo=NEW_YORK
    )
    assert OFFICE.next_opening(datetime(2026, 11, 28, 12, tzinfo=UTC)) == datetime(
        2026, 11, 30, 8, tzinfo=NEW_YORK
    )
    assert Hours(NEW_YORK, {}).next_opening(TUESDAY_NIGHT) is None


def test_the_hours_are_the_clocks_on_the_wall_on_the_night_it_changes():
    always = Hours(NEW_YORK, dict.fromkeys(cover.DAYS, (time(8), time(18))))
    before = datetime(2026, 10, 31, 23, tzinfo=NEW_YORK)
    opening = always.next_opening(before)
    assert opening is not None
    assert opening.astimezone(UTC) == datetime(2026, 11, 1, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "on_call", "at", "told"),
    [
        (OFFICE, True, WEDNESDAY_NOON, Told(Promise.OPEN, datetime(2026, 11, 25, 18, tzinfo=NEW_YORK))),
        (OFFICE, False, WEDNESDAY_NOON, Told(Promise.OPEN, datetime(2026, 11, 25, 18, tzinfo=NEW_YORK))),
        (OFFICE, True, TUESDAY_NIGHT, Told(Promise.ON_CALL, datetime(2026, 11, 25, 8, tzinfo=NEW_YORK))),
        (OFFICE, False, TUESDAY_NIGHT, Told(Promise.CLOSED, datetime(2026, 11, 25, 8, tzinfo=NEW_YORK))),
        (None, True, WEDNESDAY_NOON, Told(Promise.ON_CALL)),
        (None, False, WEDNESDAY_NOON, Told(Promise.NOT_SET_UP)),
        (Hours(NEW_YORK, {}), False, WEDNESDAY_NOON, Told(Promise.NOT_SET_UP)),
    ],
)
def test_a_patient_is_promised_only_what_is_set_up(hours, on_call, at, told):
    """H12"""
    assert cover.promised(hours, somebody_on_call=on_call, at=at) == told


@pytest.mark.parametrize(
    ("change", "leaves"),
    [
        ({}, True),
        ({"severity": "soon"}, False),
        ({"acknowledged": True}, False),
        ({"is_open": False}, False),
        ({"at": WEDNESDAY_NOON}, False),
        ({"at": WEDNESDAY_NOON, "escalations": 1}, True),
        ({"hours": None, "at": WEDNESDAY_NOON}, True),
    ],
)
def test_an_urgent_alert_leaves_the_building_when_nobody_is_here_to_see_it_or_nobody_has(change, leaves):
    """H12: at night, where no hours are set up, and by day once it has gone on to another person."""
    alert = {
        "severity": "urgent",
        "acknowledged": False,
        "escalations": 0,
        "is_open": True,
        "hours": OFFICE,
        "at": TUESDAY_NIGHT,
    }
    assert cover.calls_for_a_message(**{**alert, **change}) is leaves


def _run(on_call: list[uuid.UUID], minutes: int, *, pace: Pace = DEFAULT_PACE) -> list[SentMessage]:
    """Every minute somebody looks whether a message is due."""
    sent: list[SentMessage] = []
    for minute in range(minutes):
        at = TUESDAY_NIGHT + timedelta(minutes=minute)
        to = cover.next_message(on_call, sent, pace=pace, at=at)
        if to is not None:
            sent.append(SentMessage(to, at))
    return sent


def test_each_is_sent_three_messages_five_minutes_apart_and_then_the_next_person_is():
    sent = _run([JUNE, BELLO], 46)
    assert [it.to for it in sent] == [JUNE] * 3 + [BELLO] * 3 + [JUNE] * 3 + [BELLO]
    assert {b.at - a.at for a, b in itertools.pairwise(sent)} == {timedelta(minutes=5)}
    assert sent[0].at == TUESDAY_NIGHT


def test_a_message_that_did_not_go_out_is_not_waited_for():
    lost = [SentMessage(JUNE, TUESDAY_NIGHT, undelivered=True)]
    assert cover.next_message([JUNE, BELLO], lost, pace=DEFAULT_PACE, at=TUESDAY_NIGHT) == BELLO
    assert cover.next_message([JUNE], lost, pace=DEFAULT_PACE, at=TUESDAY_NIGHT) is None
    later = TUESDAY_NIGHT + timedelta(minutes=5)
    assert cover.next_message([JUNE], lost, pace=DEFAULT_PACE, at=later) == JUNE


def test_when_a_whole_round_did_not_go_out_the_pause_counts_again():
    """A mail server that is down is not called a hundred times an hour."""
    lost = [
        SentMessage(JUNE, TUESDAY_NIGHT, undelivered=True),
        SentMessage(BELLO, TUESDAY_NIGHT, undelivered=True),
    ]
    moment = timedelta(seconds=1)
    later = TUESDAY_NIGHT + timedelta(minutes=5)
    assert cover.next_message([JUNE, BELLO], lost, pace=DEFAULT_PACE, at=later - moment) is None
    assert cover.next_message([JUNE, BELLO], lost, pace=DEFAULT_PACE, at=later) == JUNE
    reached = [lost[0], SentMessage(BELLO, TUESDAY_NIGHT)]
    assert cover.next_message([JUNE, BELLO], reached, pace=DEFAULT_PACE, at=later) == BELLO


def test_who_is_no_longer_on_call_is_sent_nothing_more():
    sent = [SentMessage(SAM, TUESDAY_NIGHT)]
    later = TUESDAY_NIGHT + timedelta(minutes=5)
    assert cover.next_message([JUNE, BELLO], sent, pace=DEFAULT_PACE, at=later) == JUNE
    assert cover.next_message([], sent, pace=DEFAULT_PACE, at=later) is None


@given(st.integers(1, 4), st.integers(1, 30), st.integers(1, 6))
def test_until_somebody_takes_it_everyone_on_call_is_reached_and_it_never_falls_silent(people, every, each):
    """H12: the silence between two messages is never longer than was signed."""
    on_call = [uuid.UUID(int=n + 1) for n in range(people)]
    minutes = every * each * people + 1
    sent = _run(on_call, minutes, pace=Pace(timedelta(minutes=every), each))
    assert {it.to for it in sent} == set(on_call)
    assert all(b.at - a.at <= timedelta(minutes=every) for a, b in itertools.pairwise(sent))
    assert TUESDAY_NIGHT + timedelta(minutes=minutes - 1) - sent[-1].at < timedelta(minutes=every)


CLINICAL = frozenset({"prescriber", "nurse", "therapist"})


def _person(**other) -> cover.CoverCandidate:
    known = {"membership": JUNE, "role": "nurse", "is_here": True, "email": "june@example.org"}
    return cover.CoverCandidate(**{**known, **other})


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"by_day": {}}, []),
        ({"by_day": {"mon": (time(8), None)}}, ["HALF_A_DAY"]),
        ({"by_day": {"mon": (None, time(8))}}, ["HALF_A_DAY"]),
        ({"by_day": {"mon": (time(8), time(8))}}, ["DAY_ENDS_FIRST"]),
        ({"on_call": [_person(role="coordinator")]}, ["ON_CALL_CLINICIANS_ONLY"]),
        ({"on_call": [_person(is_here=False)]}, ["ON_CALL_CLINICIANS_ONLY"]),
        ({"on_call": [_person(email="")]}, ["ON_CALL_NO_ADDRESS"]),
        ({"on_call": [_person(), _person()]}, ["ON_CALL_TWICE"]),
        ({"pace": Pace(timedelta(0), 3)}, ["EVERY_OUT_OF_RANGE"]),
        ({"pace": Pace(timedelta(minutes=1), 1)}, []),
        ({"pace": Pace(timedelta(minutes=30), 6)}, []),
        ({"pace": Pace(timedelta(minutes=31), 7)}, ["EVERY_OUT_OF_RANGE", "EACH_OUT_OF_RANGE"]),
        ({"pace": Pace(timedelta(minutes=5), 0)}, ["EACH_OUT_OF_RANGE"]),
        ({"lines": [{"name": "Night line", "number": "+1 23", "texts": False}]}, []),
        ({"lines": [{"name": "Night line", "number": "12", "texts": False}]}, ["LINE_INCOMPLETE"]),
        ({"lines": [{"name": "", "number": "112", "texts": False}]}, ["LINE_INCOMPLETE"]),
    ],
)
def test_a_cover_that_could_not_work_is_not_signed(change, codes):
    draft = {"by_day": {"mon": (time(8), time(18))}, "on_call": [_person()], "pace": DEFAULT_PACE, **change}
    told = cover.objections_to_cover(CoverDraft(**draft), clinical_roles=CLINICAL)
    assert [it.code for it in told] == codes


def test_each_country_has_a_number_to_call_with_its_source():
    for profile in ("US", "EU"):
        lines = crisis.of_country(profile)
        assert lines
        assert all(line.source and line.number.isdigit() for line in lines)
    assert [(it.number, it.texts) for it in crisis.of_country("US")] == [("988", True), ("911", False)]
    assert [(it.number, it.texts) for it in crisis.of_country("EU")] == [("112", False)]
    assert [it.number for it in (*crisis.emergency_of("US"), *crisis.emergency_of("EU"))] == ["911", "112"]
    [own] = crisis.of_clinic([{"name": "Night line", "number": "0800 1", "texts": False}])
    assert (own.number, own.texts, own.status) == ("0800 1", False, Status.DESIGN_DEFAULT)


def test_an_opening_is_looked_for_sixty_days_ahead():
    """A clinic that is closed for a season promises nothing it cannot see."""
    at = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    today = at.astimezone(NEW_YORK).date()
    every = dict.fromkeys(cover.DAYS, (time(8), time(18)))

    def closed_for(days: int) -> Hours:
        return Hours(NEW_YORK, every, frozenset(today + timedelta(days=n) for n in range(days)))

    assert closed_for(59).next_opening(at) is not None
    assert closed_for(60).next_opening(at) is None
