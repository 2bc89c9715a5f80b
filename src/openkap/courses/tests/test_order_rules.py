"""An order's mg, mg/kg, mL and rate come from one another, and a slip in any of them is asked about."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.courses import order_rules as rules
from openkap.courses.counting import OrderDraft, Weighing, amounts
from openkap.kernel.quantity import (
    Kilograms,
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Minutes,
)
from openkap.protocols.loading import load_bundled
from tests.packs import BUNDLED

PACK = load_bundled(BUNDLED)
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WEIGHING = Weighing(Kilograms.of(62), AT - timedelta(days=1), height_cm=Decimal(168), sex="female")
DRAFT = OrderDraft(
    dose=MilligramsPerKilogram.of("0.5"),
    confirmed_mg=Milligrams.of(31),
    infusion=Minutes.of(40),
    strength=MilligramsPerMillilitre.of(10),
    weighing=WEIGHING,
)


def _codes(draft: OrderDraft) -> set[str]:
    return {o.code for o in rules.check(draft, pack=PACK, at=AT)[1]}


def _flags(draft: OrderDraft) -> set[str]:
    return {c.flag for c in rules.check(draft, pack=PACK, at=AT)[2]}


def test_half_a_milligram_for_sixty_two_kilograms_is_31_mg_and_3_1_ml():
    counted, found, concerns = rules.check(DRAFT, pack=PACK, at=AT)
    assert (found, concerns) == ([], [])
    assert [str(counted.dose), str(counted.volume), str(counted.rate)] == ["31 mg", "3.1 mL", "46.5 mg/h"]


@pytest.mark.parametrize("minutes", ["0.5", "1"])
def test_an_order_of_a_minute_or_less_is_counted_and_meets_the_ceiling(minutes: str):
    """H06: what is too quick to count would be judged by nothing."""
    quick = replace(DRAFT, infusion=Minutes.of(minutes))
    assert rules.check(quick, pack=PACK, at=AT)[0] is not None
    assert "TIME_UNDER_CEILING" in _codes(quick)


@pytest.mark.parametrize(("kg", "impossible"), [("9.9", True), ("10", False), ("80", False), ("80.1", True)])
def test_a_body_mass_index_nobody_has_is_a_slip_of_hand(kg: str, impossible: bool):
    """H04: from 10 to 80 kg/m2 a weight is taken for true; at one metre the weight is the index."""
    weighed = replace(WEIGHING, weight=Kilograms.of(kg), height_cm=Decimal(100))
    assert ("WEIGHT_IMPOSSIBLE" in _codes(replace(DRAFT, weighing=weighed))) is impossible


def test_mg_typed_as_mg_per_kg_is_asked_about():
    """H02: mg vs mg/kg."""
    assert "CONFIRMED_OTHER" in _codes(replace(DRAFT, confirmed_mg=Milligrams.of("0.5")))
    assert "CONFIRMED_OTHER" in _codes(replace(DRAFT, dose=MilligramsPerKilogram.of(31)))
    assert "NOT_CONFIRMED" in _codes(replace(DRAFT, confirmed_mg=None))
    with pytest.raises(TypeError):
        DRAFT.dose < DRAFT.confirmed_mg  # noqa: B015


@pytest.mark.parametrize("right", [10, 50, 100])
@pytest.mark.parametrize("wrong", [10, 50, 100])
def test_the_volume_comes_from_this_vials_strength_alone(right: int, wrong: int):
    """H03: 10, 50 and 100 mg/mL; another strength gives another volume of the same dose."""
    made = rules.check(replace(DRAFT, strength=MilligramsPerMillilitre.of(right)), pack=PACK, at=AT)[0]
    other = rules.check(replace(DRAFT, strength=MilligramsPerMillilitre.of(wrong)), pack=PACK, at=AT)[0]
    assert made.dose == other.dose
    assert (made.volume == other.volume) == (right == wrong)


def test_the_strongest_vial_does_not_go_into_a_vein_undiluted():
    """H03."""
    strong = replace(DRAFT, strength=MilligramsPerMillilitre.of(100))
    assert _codes(strong) == {"DILUTION_NOT_RECORDED"}
    assert _codes(replace(strong, diluted=True)) == set()


def test_an_old_a_changed_and_an_impossible_weight_are_asked_again():
    """H04: weight stale, transposed, or in pounds."""
    old = replace(WEIGHING, measured_at=AT - timedelta(days=7, seconds=1))
    assert "WEIGHT_OLD" in _codes(replace(DRAFT, weighing=old))
    changed = replace(WEIGHING, previous=Kilograms.of(50))
    assert "WEIGHT_CHANGE" in _codes(replace(DRAFT, weighing=changed))
    assert "WEIGHT_CHANGE" not in _codes(replace(DRAFT, weighing=replace(changed, confirmed=True)))
    impossible = replace(WEIGHING, weight=Kilograms.of(300))
    assert "WEIGHT_IMPOSSIBLE" in _codes(replace(DRAFT, weighing=impossible))


def test_of_many_weights_read_in_pounds_as_kilograms_nearly_all_are_caught():
    """H04: random swaps; every one is caught as soon as one earlier weight is known."""
    dice = random.Random(4)
    missed = 0
    for _ in range(2000):
        kilograms = Decimal(dice.randint(400, 1600)) / 10
        pounds = (kilograms * Decimal("2.2046")).quantize(Decimal("0.1"))
        weighing = replace(WEIGHING, weight=Kilograms(pounds), previous=Kilograms(kilograms))
        codes = {o.code for o in rules.check(replace(DRAFT, weighing=weighing), pack=PACK, at=AT)[1]}
        missed += not codes & {"WEIGHT_CHANGE", "WEIGHT_IMPOSSIBLE"}
    assert missed == 0


def test_more_than_the_cap_or_too_soon_wants_a_reason_and_a_second_prescriber():
    much = replace(DRAFT, dose=MilligramsPerKilogram.of("1.1"), confirmed_mg=Milligrams.of("68.2"))
    assert (_flags(much), _codes(much)) == ({"DOSE_OVER_CAP", "RATE_HIGH"}, {"REASON_MISSING"})
    soon = replace(DRAFT, reason="Relapse.", last_dose_at=AT, planned_at=AT + timedelta(hours=47, minutes=59))
    assert (_flags(soon), _codes(soon)) == ({"TOO_SOON"}, set())
    concerns = rules.check(soon, pack=PACK, at=AT)[2]
    assert rules.needs_second(concerns)
    assert _flags(replace(soon, planned_at=AT + timedelta(hours=48))) == set()


def test_from_a_body_mass_index_of_thirty_both_weights_stand_side_by_side_and_none_is_chosen():
    heavy = replace(WEIGHING, weight=Kilograms.of(100))
    both = rules.side_by_side(replace(DRAFT, weighing=heavy), pack=PACK)
    assert [name for name, _ in both] == ["actual", "ideal"]
    assert [str(a.weight) for _, a in both] == ["100 kg", "59.6 kg"]
    assert [name for name, _ in rules.side_by_side(DRAFT, pack=PACK)] == ["actual"]
    assert "BASIS_MISSING" in _codes(replace(DRAFT, basis=""))
    unknown = replace(WEIGHING, sex="unknown")
    assert "NO_IDEAL_WEIGHT" in _codes(replace(DRAFT, basis="ideal", weighing=unknown))


@pytest.mark.parametrize(
    ("sex", "height", "kilograms"),
    [("male", "152.4", "50"), ("female", "152.4", "45.5"), ("male", "180", "75"), ("female", "168", "59.6")],
)
def test_the_ideal_weight_is_devines(sex: str, height: str, kilograms: str):
    """H04: 50 or 45.5 kg at five feet, and 2.3 kg for each inch over."""
    weighing = replace(WEIGHING, sex=sex, height_cm=Decimal(height))
    assert str(weighing.ideal) == f"{kilograms} kg"


def test_a_time_outside_the_protocol_and_a_dose_of_nothing_are_refused():
    assert "TIME_OVER_SOURCES" in _codes(replace(DRAFT, infusion=Minutes.of(101)))
    assert "TIME_NOT_POSITIVE" in _codes(replace(DRAFT, infusion=Minutes.of(0)))
    assert "DOSE_NOT_POSITIVE" in _codes(replace(DRAFT, dose=MilligramsPerKilogram.of(0)))
    assert "STRENGTH_MISSING" in _codes(replace(DRAFT, strength=MilligramsPerMillilitre.of(0)))


DOSES = st.decimals("0.1", "1.5", places=2)
WEIGHTS = st.decimals("35", "180", places=1)


@given(DOSES, WEIGHTS, st.sampled_from([10, 50, 100]), st.integers(2, 100))
def test_the_amounts_lead_back_to_the_dose_within_rounding(dose, weight, strength, minutes):
    draft = replace(
        DRAFT,
        dose=MilligramsPerKilogram(dose),
        strength=MilligramsPerMillilitre.of(strength),
        infusion=Minutes.of(minutes),
    )
    counted = amounts(draft, weight=Kilograms(weight), dose=PACK.dose)
    assert abs(counted.dose.value - dose * weight) <= Decimal("0.05")
    assert abs(counted.volume.value * strength - counted.dose.value) <= Decimal("0.005") * strength + Decimal(
        "1e-9"
    )
    assert abs(counted.rate.value * minutes / 60 - counted.dose.value) <= Decimal(
        "0.05"
    ) * minutes / 60 + Decimal("1e-9")


@given(DOSES, DOSES)
def test_a_larger_dose_never_raises_fewer_concerns_above_the_range(one, other):
    low, high = sorted((one, other))

    def second(dose: Decimal) -> bool:
        concerns = rules.check(replace(DRAFT, dose=MilligramsPerKilogram(dose)), pack=PACK, at=AT)[2]
        return rules.needs_second(concerns)

    assert second(high) or not second(low)
