"""H06: a dose has three bands and a ceiling; a slipped decimal is stopped, whoever signs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.courses import order_rules
from openkap.courses.dose_rules import (
    DoseSize,
    differences,
    objections_to_rest,
    outside_bands,
    over_ceiling,
    vials,
)
from openkap.courses.tests.test_order_rules import AT, DRAFT, PACK, WEIGHING
from openkap.kernel.quantity import Kilograms, MilligramsPerKilogram, Millilitres, Minutes


def _size(mg_per_kg: str | Decimal, minutes: int | str | Decimal) -> DoseSize:
    return DoseSize(mg_per_kg=Decimal(mg_per_kg), minutes=Decimal(minutes))


def _stopped(mg_per_kg: str, minutes: int | str) -> set[str]:
    return {one.code for one in over_ceiling(_size(mg_per_kg, minutes), PACK.ceiling)}


def _asks(mg_per_kg: str, minutes: int | str) -> dict[str, str]:
    found = outside_bands(_size(mg_per_kg, minutes), bands=PACK.bands, dose=PACK.dose)
    return {str(one.flag): one.override for one in found}


@pytest.mark.parametrize(
    ("mg_per_kg", "minutes", "stopped"),
    [
        ("2.0", 60, set()),
        ("2.001", 60, {"DOSE_OVER_CEILING"}),
        ("0.5", 10, set()),
        ("0.5", "9.9", {"TIME_UNDER_CEILING", "RATE_OVER_CEILING"}),
        ("0.4", "9.9", {"TIME_UNDER_CEILING"}),
        ("2.0", 40, set()),
        ("2.0", "39.9", {"RATE_OVER_CEILING"}),
        ("5", 2, {"DOSE_OVER_CEILING", "RATE_OVER_CEILING", "TIME_UNDER_CEILING"}),
        ("0.5", 4, {"TIME_UNDER_CEILING", "RATE_OVER_CEILING"}),
    ],
)
def test_over_the_ceiling_nobody_signs(mg_per_kg, minutes, stopped) -> None:
    """H06: both orders of the trial are here: 5 mg/kg over 2 min, and 0.5 mg/kg over 4 min."""
    assert _stopped(mg_per_kg, minutes) == stopped


@pytest.mark.parametrize(
    ("mg_per_kg", "minutes", "asks"),
    [
        ("0.5", 40, {}),
        ("0.75", 60, {}),
        ("0.76", 60, {"DOSE_OVER_USUAL": "allowed"}),
        ("1.0", 60, {"DOSE_OVER_USUAL": "allowed"}),
        ("1.01", 60, {"DOSE_OVER_CAP": "second_prescriber"}),
        ("0.1", 40, {}),
        ("0.09", 40, {"DOSE_UNDER_RANGE": "allowed"}),
        ("0.5", "39.9", {"TIME_UNDER_USUAL": "allowed"}),
        ("0.5", "60.1", {"TIME_OVER_USUAL": "allowed"}),
        ("0.5", 30, {"TIME_UNDER_USUAL": "allowed"}),
        ("0.5", "29.9", {"TIME_SHORT": "second_prescriber"}),
        ("0.75", 30, {"TIME_UNDER_USUAL": "allowed"}),
        ("0.76", 30, {"DOSE_OVER_USUAL": "allowed", "TIME_UNDER_USUAL": "allowed",
                      "RATE_HIGH": "second_prescriber"}),
    ],
)  # fmt: skip
def test_each_band_asks_for_what_the_pack_says(mg_per_kg, minutes, asks) -> None:
    """H06."""
    assert _asks(mg_per_kg, minutes) == asks


DOSES = st.decimals("0.05", "6", places=3)
TIMES = st.decimals("1", "100", places=1)
GRAVITY = {"allowed": 1, "second_prescriber": 2}


def _gravity(size: DoseSize) -> int:
    if over_ceiling(size, PACK.ceiling):
        return 3
    found = outside_bands(size, bands=PACK.bands, dose=PACK.dose)
    return max((GRAVITY[one.override] for one in found if one.flag != "DOSE_UNDER_RANGE"), default=0)


@given(DOSES, DOSES, TIMES)
def test_more_drug_in_the_same_time_never_asks_for_less(one, other, minutes) -> None:
    """H06."""
    low, high = sorted((one, other))
    assert _gravity(_size(low, minutes)) <= _gravity(_size(high, minutes))


@given(DOSES, st.decimals("1", "60", places=1), st.decimals("1", "60", places=1))
def test_the_same_drug_in_less_time_never_asks_for_less(mg_per_kg, one, other) -> None:
    """H06."""
    short, long = sorted((one, other))
    assert _gravity(_size(mg_per_kg, long)) <= _gravity(_size(mg_per_kg, short))


def test_the_dose_is_judged_by_the_weight_the_person_has() -> None:
    """H06: 0.7 mg/kg of an ideal 73 kg is more than the usual for somebody who weighs 50."""
    thin = replace(WEIGHING, weight=Kilograms.of(50), height_cm=Decimal(180), sex="male")
    draft = replace(DRAFT, weighing=thin, basis="ideal", dose=MilligramsPerKilogram.of("0.7"))
    flags = {one.flag for one in order_rules.check(draft, pack=PACK, at=AT)[2]}
    assert flags == {"DOSE_OVER_CAP", "RATE_HIGH"}
    by_actual = {one.flag for one in order_rules.check(replace(draft, basis="actual"), pack=PACK, at=AT)[2]}
    assert by_actual == set()


@pytest.mark.parametrize(
    ("volume", "vial", "count"), [("0.1", 20, 1), ("20", 20, 1), ("20.01", 20, 2), ("45.75", 20, 3)]
)
def test_the_vials_are_counted(volume, vial, count) -> None:
    """H03, H06."""
    assert vials(Millilitres.of(volume), Millilitres.of(vial)) == count


def test_more_than_one_vial_is_said_aloud_and_needs_a_reason() -> None:
    """H03: a slipped decimal shows as a handful of vials."""
    small = replace(DRAFT, vial=Millilitres.of(2))
    _, against, concerns = order_rules.check(small, pack=PACK, at=AT)
    assert [str(one.flag) for one in concerns] == ["MORE_THAN_ONE_VIAL"]
    assert "2 vials of 2 mL" in concerns[0].text
    assert "REASON_MISSING" in {one.code for one in against}
    assert order_rules.check(replace(DRAFT, vial=Millilitres.of(20)), pack=PACK, at=AT)[2] == []


def test_what_differs_from_the_protocol_is_named_without_being_refused() -> None:
    dose = PACK.dose
    assert differences(amount=MilligramsPerKilogram.of("0.5"), minutes=Minutes.of(40), dose=dose) == []
    told = differences(amount=MilligramsPerKilogram.of("0.60"), minutes=Minutes.of(45), dose=dose)
    assert told == ["0.6 mg/kg instead of 0.5 mg/kg", "45 min instead of 40 min"]
    quicker = differences(amount=MilligramsPerKilogram.of("0.4"), minutes=Minutes.of(20), dose=dose)
    assert quicker == ["0.4 mg/kg instead of 0.5 mg/kg", "20 min instead of 40 min"]


def test_a_weight_from_the_future_counts_no_dose() -> None:
    """H04: a later true weight would never be newer than it."""
    future = replace(WEIGHING, measured_at=AT.replace(year=2030))
    codes = {one.code for one in order_rules.check(replace(DRAFT, weighing=future), pack=PACK, at=AT)[1]}
    assert "WEIGHT_FUTURE" in codes


REST = {
    "wanted_mg": Decimal(18),
    "left_mg": Decimal(18),
    "role": "prescriber",
    "why": "slip",
    "continued": False,
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"wanted_mg": Decimal("17.99")}, []),
        ({"wanted_mg": Decimal("18.01")}, ["OVER_WHAT_IS_LEFT"]),
        ({"wanted_mg": Decimal(0)}, ["OVER_WHAT_IS_LEFT"]),
        ({"wanted_mg": Decimal(-1)}, ["OVER_WHAT_IS_LEFT"]),
        ({"left_mg": Decimal(0)}, ["NOTHING_LEFT"]),
        ({"role": "nurse"}, ["PRESCRIBERS_ONLY"]),
        ({"why": " "}, ["WHY_MISSING"]),
        ({"continued": True}, ["CONTINUED_ALREADY"]),
    ],
)
def test_the_rest_is_at_most_what_was_left_by_a_prescriber_with_a_reason(
    change: dict[str, object], expected: list[str]
) -> None:
    """H05."""
    assert [one.code for one in objections_to_rest(**(REST | change))] == expected
