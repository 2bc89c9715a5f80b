"""The few values everyone shares, held to what they promise."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.ids import uuid7
from openkap.kernel.parsing import NotANumber, parse_decimal
from openkap.kernel.period import Period
from openkap.kernel.quantity import (
    Kilograms,
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Minutes,
    Quantity,
    plain,
)
from openkap.kernel.refusal import Conflict, Refused, refuse_if
from tests.refusals import said

amounts = st.decimals(min_value="0.01", max_value="999", places=2)
UNITS = Quantity.__subclasses__()


@pytest.mark.parametrize("one", UNITS)
@pytest.mark.parametrize("other", UNITS)
def test_units_never_mix(one, other):
    """H02: mg is not mg/kg; a sum or a comparison of two units does not exist."""
    a, b = one.of("2"), other.of("3")
    if one is other:
        assert (a + b).value == 5
        assert (b - a).value == 1
        assert a < b
        assert b > a
        assert a <= b
        assert b >= a
        return
    for act in ("__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"):
        with pytest.raises(TypeError):
            getattr(a, act)(b)
    assert a != other.of("2")


@given(amounts, amounts)
def test_a_dose_by_weight_goes_there_and_back(milligrams, kilograms):
    weight = Kilograms(kilograms)
    again = Milligrams(milligrams).per(weight).times(weight)
    assert abs(again.value - milligrams) < Decimal("1e-20")


def test_the_volume_comes_from_the_strength_of_the_vial():
    """H03: 31 mg of a 10 mg/mL vial are 3.1 mL, of a 100 mg/mL vial 0.31 mL."""
    dose = MilligramsPerKilogram.of("0.5").times(Kilograms.of("62"))
    assert str(dose) == "31 mg"
    assert str(dose.volume_at(MilligramsPerMillilitre.of("10"))) == "3.1 mL"
    assert str(dose.volume_at(MilligramsPerMillilitre.of("100"))) == "0.31 mL"
    assert str(dose.over(Minutes.of("40"))) == "46.5 mg/h"


def test_pounds_are_for_the_eye_only():
    """H04: kilograms are stored; pounds are shown beside them."""
    assert Kilograms.of("70").in_pounds == Decimal("154.3")


@pytest.mark.parametrize("bad", [1.5, 1])
def test_a_float_is_not_exact_enough(bad):
    with pytest.raises(TypeError):
        Milligrams(bad)
    with pytest.raises(TypeError):
        Milligrams.of(1.5)


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity"])
def test_a_quantity_is_a_number(bad):
    with pytest.raises(ValueError):
        Milligrams(Decimal(bad))


def test_rounding_is_as_on_paper():
    assert Milligrams.of("0.125").rounded().value == Decimal("0.13")
    assert Milligrams.of("2.5").rounded("1").value == 3


@pytest.mark.parametrize(
    ("typed", "read"),
    [("0.5", "0.5"), ("0,5", "0.5"), (" 40 ", "40"), ("+3", "3"), ("\u22122", "-2"), ("0,125", "0.125")],
)
def test_a_number_is_read_as_typed(typed, read):
    assert parse_decimal(typed) == Decimal(read)


@pytest.mark.parametrize(
    "typed", ["", "1,000", "1.000,5", ".5", "5mg", "1e3", "१", "1 000", "NaN", "12345678"]
)
def test_a_number_that_could_be_two_is_refused(typed):
    """H38: a decimal sign is never guessed."""
    with pytest.raises(NotANumber) as told:
        parse_decimal(typed)
    assert str(told.value)


@given(st.decimals(min_value="-9999", max_value="9999", places=4))
def test_a_printed_number_has_a_leading_and_no_trailing_zero(value):
    text = plain(value)
    assert Decimal(text) == value
    assert not text.startswith((".", "-."))
    assert "." not in text or text[-1] not in "0."


def test_not_asked_is_not_no():
    assert not Answer.NOT_ASKED.known
    assert Answer.NO.known
    assert Answer("not_asked") != Answer.NO


def test_a_code_says_from_which_list_it_is():
    assert str(Code("icd10cm", "F33.1")) == "icd10cm:F33.1"


def test_a_period_ends_after_it_starts():
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    hour = timedelta(hours=1)
    with pytest.raises(ValueError):
        Period(start, start - hour)
    period = Period(start, start + hour)
    assert period.holds(start)
    assert not period.holds(start + hour)
    assert Period(start).holds(start + 9 * hour)
    assert Period(start).length(start + hour) == hour
    assert Period(start).length(start - hour) == timedelta(0)


def test_keys_sort_by_the_time_they_were_made_in_every_thread():
    made: list[list] = [[] for _ in range(4)]

    def make(place):
        made[place] = [uuid7() for _ in range(2000)]

    threads = [threading.Thread(target=make, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(keys == sorted(keys) for keys in made)
    assert len({key for keys in made for key in keys}) == 8000
    assert all(key.version == 7 and key.variant == "specified in RFC 4122" for key in made[0])


def test_a_refusal_says_everything_at_once():
    first, second = said("One.", "x"), said("Two.")
    with pytest.raises(Refused) as told:
        refuse_if([first, second])
    assert told.value.objections == (first, second)
    assert str(told.value) == "One.; Two."
    assert (Refused(first).status, Conflict(first).status) == (422, 409)
    assert first.as_dict() == {"code": "SAID", "text": "One.", "field": "x"}
    refuse_if([])
    with pytest.raises(ValueError):
        Refused()
