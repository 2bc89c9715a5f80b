"""H16, H44: what holds of every answer, whatever the facts."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openkap.interop.tests.test_assess import WELL, answer
from openkap.screening.rules import OUTCOMES

PRODUCTS = st.sampled_from(
    ["racemic_iv", "racemic_im", "racemic_sc", "racemic_sl_oral", "racemic_in_compounded", "esketamine_in"]
)
CODES = st.sampled_from(
    [
        "F20.0",
        "F31.81",
        "F10.20",
        "I71.4",
        "I61.9",
        "G93.2",
        "H40.9",
        "N30.10",
        "E05.9",
        "M79.7",
        "F33.2",
        "J44.9",
    ]
)
MEDICINES = st.sampled_from(
    [
        "theophylline",
        "lorazepam",
        "lamotrigine",
        "phenelzine",
        "lithium",
        "sertraline",
        "levothyroxine",
        "xyz",
    ]
)
REASONS = st.one_of(
    CODES.map(lambda code: {"dx": [code]}),
    CODES.map(lambda code: {"history": [code]}),
    MEDICINES.map(lambda name: {"meds": [name]}),
    st.sampled_from([{"escort": False}, {"capacity": False}, {"lactating": True}, {"child_pugh": "C"}]),
)


def _severity(told: dict[str, Any]) -> int:
    return OUTCOMES.index(told["eligibility"])


def _with(facts: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The facts with one reason more: lists grow, and single facts are said."""
    grown = {name: [*facts.get(name, []), *value] for name, value in more.items() if isinstance(value, list)}
    return {**facts, **more, **grown}


@settings(max_examples=60)
@given(PRODUCTS, REASONS, REASONS)
def test_one_reason_more_never_makes_it_better(product: str, first: dict, more: dict) -> None:
    facts = _with(WELL, first)
    if "meds" in more and more["meds"] == ["lithium"]:
        return  # a mood stabiliser is what bipolar disorder waits for
    assert _severity(answer(product, **_with(facts, more))) >= _severity(answer(product, **facts))


@settings(max_examples=40)
@given(PRODUCTS, st.sets(st.sampled_from(sorted(WELL))))
def test_unknown_is_never_better_than_known_and_normal(product: str, unknown: set[str]) -> None:
    facts = {name: value for name, value in WELL.items() if name not in unknown}
    told, known = answer(product, **facts), answer(product, **WELL)
    assert set(known["missing"]) <= {*told["missing"], "failed_adequate_trials", "pregnancy_test"}
    assert not (told["signable"] and not known["signable"])


@settings(max_examples=60)
@given(st.floats(0.05, 3, allow_nan=False), st.floats(0.05, 3, allow_nan=False), PRODUCTS)
def test_a_larger_dose_is_never_judged_more_mildly(one: float, other: float, product: str) -> None:
    """Over the usual: below what any source gave, a smaller dose is asked about as well."""
    least, most = sorted((round(one, 2), round(other, 2)))
    if least < 0.5:
        return
    smaller, larger = (answer(product, weight_kg=100, ordered_mg_per_kg=dose) for dose in (least, most))
    steps = {"racemic_in_compounded", "esketamine_in"}
    if product not in steps:
        assert _severity(larger) >= _severity(smaller)


@settings(max_examples=40)
@given(PRODUCTS, st.lists(CODES, max_size=4), st.lists(MEDICINES, max_size=4), st.randoms())
def test_the_order_of_the_facts_and_asking_again_change_nothing(
    product: str, dx: list[str], meds: list[str], by: random.Random
) -> None:
    told = answer(product, **{**WELL, "dx": dx, "meds": meds})
    assert told == answer(product, **{**WELL, "dx": dx, "meds": meds})
    shuffled = [list(dx), list(meds)]
    for part in shuffled:
        by.shuffle(part)
    again = answer(product, **{**WELL, "dx": shuffled[0], "meds": shuffled[1]})

    def gist(it: dict[str, Any]) -> Any:
        found = [
            (row["rule"], row["outcome"], row["level"], sorted(row["because"])) for row in it["findings"]
        ]
        return it["eligibility"], found, it["missing"], it["signable"]

    assert gist(told) == gist(again)
