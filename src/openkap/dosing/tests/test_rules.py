"""The time-out: every reason against a dose at once; what is missing is a reason."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.dosing.rules import (
    Before,
    CheckMade,
    ConsentState,
    DayQuestion,
    DecisionToGoOn,
    Identity,
    OrderToGive,
    ReadOff,
    TimeOut,
    Weighed,
    objections_to_promise,
    objections_to_second_check,
    objections_to_start,
    objections_to_today,
    objections_to_weight,
)
from openkap.dosing.tests.numbers import iv_pressure_lines
from openkap.kernel.answer import Answer

AT = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
OKAFOR, SAM, JUNE, NOOR = (uuid.UUID(int=number) for number in (1, 2, 3, 4))
BEFORE = Before(
    sbp=Decimal(124),
    dbp=Decimal(78),
    pressure_at=AT - timedelta(minutes=5),
    spo2=Decimal(98),
    spo2_at=AT - timedelta(minutes=1),
    rate_at=AT - timedelta(minutes=1),
    moaas=5,
    moaas_at=AT - timedelta(minutes=5),
)
LINES = iv_pressure_lines()
READY = TimeOut(
    identity=Identity("ao", 1985, "A.O.", 1985),
    order=OrderToGive(signed=True, current=True, signed_by_id=OKAFOR, content_hash="h"),
    second_checks=(CheckMade(by_id=JUNE, content_hash="h"),),
    competent={JUNE: "June", SAM: "Sam"},
    consent=ConsentState(signed_at=AT - timedelta(days=10), valid_until=AT + timedelta(days=300)),
    before=BEFORE,
    lines=LINES,
    escort_name="Bo Osei",
    escort_phone="555 0100",
    no_drive_signed_at=AT - timedelta(minutes=40),
    allergies=Answer.YES,
    medicines_reviewed_on=date(2026, 3, 10),
    clinic_day=date(2026, 3, 10),
)


def codes(facts, by_id=SAM):
    return [one.code for one in objections_to_start(facts, by_id=by_id, at=AT)]


def test_when_everything_is_there_nothing_stands_against_the_dose():
    assert codes(READY) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"identity": Identity("ao", 1985)}, "IDENTITY_MISSING"),
        ({"identity": Identity("ao", 1985, "BO", 1985)}, "IDENTITY_DIFFERS"),
        ({"identity": Identity("ao", 1985, "AO", 1958)}, "IDENTITY_DIFFERS"),
        ({"identity": Identity("", None, "A", 1985)}, "IDENTITY_DIFFERS"),
        ({"order": None}, "ORDER_MISSING"),
        ({"order": OrderToGive(False, True, OKAFOR, "h")}, "ORDER_MISSING"),
        ({"order": OrderToGive(True, False, OKAFOR, "h")}, "ORDER_NOT_CURRENT"),
        ({"order": replace(READY.order, vial_in_use=False)}, "VIAL_CHANGED"),
        ({"second_checks": ()}, "SECOND_CHECK_MISSING"),
        ({"second_checks": (CheckMade(JUNE, "older"),)}, "SECOND_CHECK_OLD"),
        ({"second_checks": (CheckMade(OKAFOR, "h"),)}, "CHECK_BY_SAME"),
        ({"second_checks": (CheckMade(None, "h"),)}, "CHECK_BY_SAME"),
        ({"second_checks": (CheckMade(NOOR, "h"),)}, "CHECK_NOT_COMPETENT"),
        ({"competent": {}}, "NOBODY_COMPETENT"),
        ({"second_checks": (CheckMade(SAM, "h"),)}, "CHECK_BY_STARTER"),
        ({"consent": None}, "CONSENT_MISSING"),
        ({"consent": ConsentState(AT, None, AT)}, "CONSENT_WITHDRAWN"),
        ({"consent": ConsentState(AT - timedelta(days=400), AT)}, "CONSENT_EXPIRED"),
        ({"consent": ConsentState(AT - timedelta(days=400), AT - timedelta(days=35))}, "CONSENT_EXPIRED"),
        ({"escort_phone": " "}, "ESCORT_MISSING"),
        ({"no_drive_signed_at": None}, "NO_DRIVE_NOT_SIGNED"),
        ({"allergies": Answer.NOT_ASKED}, "ALLERGIES_NOT_ASKED"),
        ({"medicines_reviewed_on": date(2026, 3, 9)}, "MEDICINES_NOT_REVIEWED"),
        ({"medicines_reviewed_on": None, "clinic_day": None}, "MEDICINES_NOT_REVIEWED"),
        ({"before": replace(BEFORE, spo2=None)}, "PREDOSE_MISSING"),
        ({"before": replace(BEFORE, pressure_at=AT - timedelta(minutes=16))}, "PREDOSE_MISSING"),
        ({"before": replace(BEFORE, pressure_at=AT + timedelta(minutes=1))}, "PREDOSE_MISSING"),
        ({"dose_open": True}, "DOSE_OPEN"),
        ({"session_closed": True}, "SESSION_CLOSED"),
    ],
)
def test_each_missing_or_wrong_fact_stands_against_the_dose_h01_h05_h11_h15_h16_h19(change, code):
    """H01 identity, H05 second dose, H11 medicines, H15 way home, H16 allergies, H19 consent."""
    assert codes(replace(READY, **change)) == [code]


def test_all_reasons_come_at_once():
    assert len(codes(TimeOut(identity=Identity("ao", 1985), lines=LINES))) >= 9


def test_no_known_allergy_is_an_answer_and_not_asked_is_none_h16():
    """H16: a list nobody asked about is not an empty list."""
    assert codes(replace(READY, allergies=Answer.NO)) == []


HIGH = replace(BEFORE, sbp=Decimal(152), dbp=Decimal(92))


def twice(first: int, last: int, *, minutes: int):
    """Two cuffs, the last five minutes ago, the first some minutes before it."""
    taken = AT - timedelta(minutes=5)
    lower = Decimal(80)
    return ((Decimal(first), lower, taken - timedelta(minutes=minutes)), (Decimal(last), lower, taken))


DECIDED = DecisionToGoOn("usual", "prescriber", AT - timedelta(minutes=9), Decimal(152), Decimal(92))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (replace(BEFORE, sbp=Decimal(140), dbp=Decimal(90)), []),
        (HIGH, ["BP_ELEVATED_PREDOSE"]),
        (replace(BEFORE, sbp=Decimal(160)), ["BP_ELEVATED_REPEAT"]),
        (replace(BEFORE, sbp=Decimal(160), pressures=twice(160, 160, minutes=10)), ["BP_HOLD"]),
        (replace(BEFORE, sbp=Decimal(160), pressures=twice(160, 160, minutes=9)), ["BP_ELEVATED_REPEAT"]),
        (replace(BEFORE, sbp=Decimal(160), pressures=twice(159, 160, minutes=10)), ["BP_ELEVATED_REPEAT"]),
        (replace(BEFORE, dbp=Decimal(100), pressures=twice(160, 160, minutes=12)), ["BP_HOLD"]),
        (replace(HIGH, decision=replace(DECIDED, by_role="nurse")), ["BP_ELEVATED_PREDOSE"]),
        (replace(HIGH, decision=replace(DECIDED, reason=" ")), ["BP_ELEVATED_PREDOSE"]),
        (replace(HIGH, decision=replace(DECIDED, at=AT + timedelta(minutes=1))), ["BP_ELEVATED_PREDOSE"]),
        (replace(HIGH, decision=replace(DECIDED, sbp=Decimal(150))), ["BP_ELEVATED_PREDOSE"]),
        (replace(HIGH, decision=replace(DECIDED, dbp=Decimal(91))), ["BP_ELEVATED_PREDOSE"]),
        (replace(HIGH, decision=replace(DECIDED, sbp=None, dbp=None)), ["BP_ELEVATED_PREDOSE"]),
        (replace(HIGH, decision=DECIDED), []),
        (replace(HIGH, sbp=Decimal(149), decision=DECIDED), []),
    ],
)
def test_a_high_pressure_needs_a_prescribers_decision_with_a_reason_about_no_lower_one_h10(before, expected):
    """H10: the gate matrix of the pre-dose pressure."""
    assert codes(replace(READY, before=before)) == expected


ALCOHOL = DayQuestion("alcohol_today", "Alcohol today?", Answer.NO, AT - timedelta(minutes=20))
DRUNK = replace(ALCOHOL, answer=Answer.YES, against="No session while drunk.")


@pytest.mark.parametrize(
    ("question", "decision", "expected"),
    [
        (ALCOHOL, None, []),
        (replace(ALCOHOL, answer=Answer.NOT_ASKED, answered_at=None), None, ["DAY_NOT_ASKED"]),
        (replace(DRUNK, against=""), None, []),
        (DRUNK, None, ["DAY_AGAINST"]),
        (DRUNK, DECIDED, []),
        (DRUNK, replace(DECIDED, by_role="nurse"), ["DAY_AGAINST"]),
        (DRUNK, replace(DECIDED, at=AT - timedelta(minutes=30)), ["DAY_AGAINST"]),
        (replace(DRUNK, blocks=True), DECIDED, ["DAY_BLOCKS"]),
    ],
)
def test_what_holds_for_a_day_is_asked_on_it_h11(question, decision, expected):
    """H11: nobody asked is no answer, and a yes waits for a prescriber who decides after it."""
    assert [one.code for one in objections_to_today((replace(question, decision=decision),))] == expected


WEIGHED = Weighed(
    Decimal(72),
    actual=True,
    days_valid=7,
    change_percent=Decimal(10),
    last_kg=Decimal(71),
    last_at=AT - timedelta(days=3),
)


@pytest.mark.parametrize(
    ("weighed", "expected"),
    [
        (None, []),
        (WEIGHED, []),
        (replace(WEIGHED, last_kg=None), ["WEIGHT_MISSING"]),
        (replace(WEIGHED, last_at=AT - timedelta(days=7)), []),
        (replace(WEIGHED, last_at=AT - timedelta(days=7, minutes=1)), ["WEIGHT_OLD"]),
        (replace(WEIGHED, last_kg=Decimal("64.7")), ["WEIGHT_CHANGED"]),
        (replace(WEIGHED, last_kg=Decimal("79.3")), ["WEIGHT_CHANGED"]),
        (replace(WEIGHED, last_kg=Decimal("79.2")), []),
        (replace(WEIGHED, last_kg=Decimal("79.3"), actual=False), []),
    ],
)
def test_the_weight_is_looked_at_again_before_the_dose_h04(weighed, expected):
    """H04: an order made with a weight that no longer holds does not start a dose."""
    assert [one.code for one in objections_to_weight(weighed, at=AT)] == expected


READ = ReadOff(Decimal(10), Decimal(54))
ORDER = replace(READY.order, strength_mg_per_ml=Decimal(10), rate_mg_per_h=Decimal(54))


@pytest.mark.parametrize(
    ("order", "by_id", "seen", "expected"),
    [
        (ORDER, JUNE, READ, []),
        (ORDER, SAM, READ, []),
        (replace(ORDER, signed_by_id=uuid.UUID(int=9)), JUNE, READ, []),
        (ORDER, OKAFOR, READ, ["CHECK_BY_SAME", "CHECK_NOT_COMPETENT"]),
        (ORDER, NOOR, READ, ["CHECK_NOT_COMPETENT"]),
        (ORDER, JUNE, ReadOff(Decimal(50), Decimal(54)), ["READ_DIFFERS"]),
        (ORDER, JUNE, ReadOff(Decimal(10), Decimal(540)), ["READ_DIFFERS"]),
        (ORDER, JUNE, ReadOff(None, None), ["NOT_READ", "NOT_READ"]),
        (None, JUNE, READ, ["ORDER_MISSING"]),
        (ORDER, None, READ, ["CHECK_BY_PERSON"]),
    ],
)
def test_the_check_is_made_by_somebody_named_who_reads_vial_and_pump(order, by_id, seen, expected):
    """H02, H03, H06: persons, not roles; a vial of 50 mg/mL, or a pump at ten times the rate, is caught."""
    told = {"by_id": by_id, "competent": READY.competent, "seen": seen}
    assert [one.code for one in objections_to_second_check(order, **told)] == expected


def test_one_check_that_holds_is_enough_and_who_starts_may_have_ordered():
    """H06: of several checks one must hold; who ordered may start, who checked may not."""
    several = (CheckMade(SAM, "h"), CheckMade(JUNE, "older"), CheckMade(JUNE, "h"))
    assert codes(replace(READY, second_checks=several)) == []
    assert codes(READY, by_id=OKAFOR) == []
    assert codes(READY, by_id=JUNE) == ["CHECK_BY_STARTER"]


PROMISE = {
    "typed": "amara  OSEI", "person": "Amara Osei", "is_self": True, "witness": "",
    "staff_name": "Amara Osei", "given": False, "dose_begun": False,
}  # fmt: skip
ON_SCREEN = {"is_self": False, "staff_name": "Sam Rivera", "witness": "sam rivera"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        (ON_SCREEN, []),
        ({**ON_SCREEN, "witness": ""}, ["WITNESS_MISSING"]),
        ({**ON_SCREEN, "witness": "Amara Osei"}, ["WITNESS_MISSING"]),
        ({"typed": "Kofi Osei"}, ["PROMISE_NAME"]),
        ({"given": True}, ["PROMISE_GIVEN"]),
        ({"dose_begun": True}, ["PROMISE_LATE"]),
    ],
)
def test_the_promise_not_to_drive_is_the_persons_own_h15(change, expected):
    """H15: a nurse alone typed it; now it is the person's sign-in, or a named witness saw them sign."""
    assert [one.code for one in objections_to_promise(**(PROMISE | change))] == expected


def test_a_machine_never_starts_a_dose():
    assert "START_BY_PERSON" in codes(READY, by_id=None)


GAPS = ["order", "consent", "medicines_reviewed_on", "no_drive_signed_at"]


@given(st.sets(st.sampled_from(GAPS), min_size=1))
def test_taking_any_facts_away_never_opens_the_gate(gaps):
    assert len(codes(replace(READY, **dict.fromkeys(gaps)))) >= len(gaps)
