"""Pounds, feet and a pressure in one field: read as people type them, or refused with what to type (H38)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.kernel.parsing import NotANumber, parse_pressure
from openkap.kernel.units import (
    centimetres_of_feet,
    feet_of_centimetres,
    kilograms_of_pounds,
    pounds_of_kilograms,
)


def test_a_weight_in_pounds_is_kept_in_kilograms_and_said_in_both():
    assert kilograms_of_pounds(Decimal("180")) == Decimal("81.65")
    assert pounds_of_kilograms(Decimal("81.65")) == Decimal("180.0")


@given(st.decimals(min_value=20, max_value=800, places=1))
def test_what_was_typed_in_pounds_is_shown_back_as_it_was_typed(pounds: Decimal):
    assert pounds_of_kilograms(kilograms_of_pounds(pounds)) == pounds


@pytest.mark.parametrize(
    "typed", ["5'11", "5'11\"", "5 11", "5 ft 11 in", "5ft 11", "71 in", '71"', " 5′11″ "]
)
def test_a_height_is_read_as_people_say_it(typed: str):
    assert centimetres_of_feet(typed) == Decimal("180.34")
    assert feet_of_centimetres(Decimal("180.34")) == "5'11\""


@pytest.mark.parametrize("typed", ["5.11", "5'12", "11", "180", "2'3", "9'1", "tall", "", "5'11'2"])
def test_a_height_that_could_mean_two_things_is_refused(typed: str):
    with pytest.raises(NotANumber, match="5'11"):
        centimetres_of_feet(typed)


@pytest.mark.parametrize("typed", ["122/76", " 122 / 76 ", "122 76", "122-76", "122.76", "122,76", "122\\76"])
def test_a_pressure_is_typed_in_one_field(typed: str):
    assert parse_pressure(typed) == (Decimal(122), Decimal(76))


@pytest.mark.parametrize(
    "typed", ["122", "122/", "122/76/1", "12,5/80", "122.7", "122.5/76", "high", "1220/7"]
)
def test_a_pressure_that_is_not_two_whole_numbers_is_refused(typed: str):
    with pytest.raises(NotANumber, match="122/76"):
        parse_pressure(typed)
