"""The scoring against an oracle of its own: bare tables and loops that share nothing with the instruments."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.measures import queries, rules, wording
from openkap.measures.instruments import ALL
from openkap.measures.instruments.audit_c import LOOK
from openkap.measures.instruments.instrument import SUICIDE_OPEN, SUICIDE_POSITIVE
from openkap.measures.instruments.pcl_5 import PATTERN

# The published tables, written down once more from the questionnaires themselves.
PUBLISHED = {
    "phq_9": [
        ("minimal", 0, 4),
        ("mild", 5, 9),
        ("moderate", 10, 14),
        ("moderately severe", 15, 19),
        ("severe", 20, 27),
    ],
    "gad_7": [("minimal", 0, 4), ("mild", 5, 9), ("moderate", 10, 14), ("severe", 15, 21)],
    "pcl_5": [("below the cut of 31", 0, 30), ("at or above the cut of 31", 31, 80)],
    "audit_c": [("below the cut of 3", 0, 2), ("at or above the cut of 3", 3, 12)],
    "madrs": [("none", 0, 6), ("mild", 7, 19), ("moderate", 20, 34), ("severe", 35, 60)],
}
SIZES = {"phq_9": (9, 3), "gad_7": (7, 3), "pcl_5": (20, 4), "madrs": (10, 6), "audit_c": (3, 4)}
EVERY = sorted(ALL)
SCORE_ONLY = {"madrs"}


def _oracle_band(key: str, total: int) -> str:
    (band,) = [words for words, low, high in PUBLISHED[key] if low <= total <= high]
    return band


def _oracle_pattern(values: list[int]) -> bool:
    counts = [0, 0, 0, 0]
    for place, value in enumerate(values):
        cluster = 0 if place < 5 else 1 if place < 7 else 2 if place < 14 else 3
        counts[cluster] += value in (2, 3, 4)
    return counts[0] >= 1 and counts[1] >= 1 and counts[2] >= 2 and counts[3] >= 2


def _answers(values) -> dict[str, int]:
    return {str(place): value for place, value in enumerate(values, start=1)}


def _check(key: str, values: list[int]) -> None:
    scored = ALL[key].scored(_answers(values))
    total = 0
    for value in values:
        total += value
    assert scored.total == Decimal(total)
    assert scored.band == _oracle_band(key, total)
    assert scored.incomplete_reason == ""
    assert (SUICIDE_POSITIVE in scored.flags) == (key == "phq_9" and values[8] in (1, 2, 3))
    assert SUICIDE_OPEN not in scored.flags
    assert (PATTERN in scored.flags) == (key == "pcl_5" and _oracle_pattern(values))


def test_every_answer_sheet_of_the_gad_7_is_scored_as_printed():
    """H37: all 16 384 of them."""
    for values in product(range(4), repeat=7):
        _check("gad_7", list(values))


@pytest.mark.slow
def test_every_answer_sheet_of_the_phq_9_is_scored_as_printed():
    """H37: all 262 144 of them."""
    for values in product(range(4), repeat=9):
        _check("phq_9", list(values))


def test_answer_sheets_of_the_phq_9_are_scored_as_printed():
    """H37: every seventeenth of all there can be."""
    for values in islice(product(range(4), repeat=9), 0, None, 17):
        _check("phq_9", list(values))


@pytest.mark.parametrize("key", EVERY)
def test_a_thousand_sheets_are_scored_as_printed(key: str):
    chance, (count, highest) = random.Random(20261124), SIZES[key]
    for _ in range(1000):
        lean = chance.random()
        _check(key, [min(int(chance.random() ** (4 * lean) * (highest + 1)), highest) for _ in range(count)])


@pytest.mark.parametrize("key", EVERY)
def test_every_total_there_can_be_has_one_band(key: str):
    """Each total from 0 to the highest, made by filling items up from the last."""
    count, highest = SIZES[key]
    for total in range(count * highest + 1):
        full, rest = divmod(total, highest)
        _check(key, ([highest] * full + [rest] + [0] * count)[:count][::-1])


@pytest.mark.parametrize("key", EVERY)
@given(data=st.data())
def test_a_missing_answer_is_never_a_zero(key: str, data: st.DataObject):
    """H37, H12: without an answer to the critical item there is no total, and no “no”."""
    count, highest = SIZES[key]
    values = data.draw(st.lists(st.integers(0, highest), min_size=count, max_size=count))
    gaps = data.draw(st.sets(st.integers(1, count), min_size=1))
    answers = {item: value for item, value in _answers(values).items() if int(item) not in gaps}
    scored = ALL[key].scored(answers)
    assert (scored.total, scored.band, scored.subscales) == (None, "", ())
    assert scored.incomplete_reason == f"Not answered: {', '.join(str(gap) for gap in sorted(gaps))}."
    if key == "phq_9":
        expected = SUICIDE_OPEN if 9 in gaps else SUICIDE_POSITIVE if values[8] else None
        assert scored.flags == ((expected,) if expected else ())


@pytest.mark.parametrize("key", EVERY)
@given(data=st.data())
def test_more_of_one_item_never_lowers_a_score(key: str, data: st.DataObject):
    count, highest = SIZES[key]
    values = data.draw(st.lists(st.integers(0, highest - 1), min_size=count, max_size=count))
    place = data.draw(st.integers(0, count - 1))
    more = [value + (at == place) for at, value in enumerate(values)]
    before, after = ALL[key].scored(_answers(values)), ALL[key].scored(_answers(more))
    assert after.total == before.total + 1
    assert set(before.flags) - {LOOK} <= set(after.flags)  # that one says that nothing else has points


@pytest.mark.parametrize("answers", [{"1": 4}, {"1": -1}, {"10": 0}, {"item": 1}])
def test_an_answer_no_item_can_have_is_an_error(answers):
    with pytest.raises(ValueError, match="cannot have"):
        ALL["phq_9"].scored(answers)


def test_how_difficult_things_are_is_asked_and_never_counted():
    answers = _answers([1] * 9)
    assert ALL["phq_9"].scored({**answers, "difficulty": 3}) == ALL["phq_9"].scored(answers)


def test_the_clusters_of_the_pcl_5_add_up_to_its_total():
    scored = ALL["pcl_5"].scored(_answers([place % 5 for place in range(20)]))
    assert sum(value for _, value in scored.subscales) == scored.total
    assert [name for name, _ in scored.subscales] == [
        "intrusion",
        "avoidance",
        "cognition and mood",
        "arousal",
    ]


@pytest.mark.parametrize("key", sorted(set(EVERY) - SCORE_ONLY))
def test_wording_ships_whole_and_with_its_licence_notice(key: str):
    instrument = ALL[key]
    words = wording.of(instrument)
    assert [it.item for it in words.questions] == list(instrument.screens)
    assert all(len(it.answers) == instrument.highest_of(it.item) + 1 for it in words.questions)
    assert all(it.text.strip() for it in words.questions)
    assert "permission" in words.licence or "public domain" in words.licence
    assert words.questions[0].answers[0] in ("Not at all", "Never")


def test_no_wording_ships_that_its_owner_does_not_allow():
    assert {path.stem for path in wording.FILES.iterdir()} == set(ALL) - SCORE_ONLY
    assert all(wording.of(ALL[key]) is None for key in SCORE_ONLY)


@given(data=st.data())
def test_a_total_from_paper_is_kept_only_when_a_sheet_could_have_it(data: st.DataObject):
    """Against brute force: is there any way to fill the other eight items?"""
    total, critical = data.draw(st.integers(-2, 30)), data.draw(st.integers(0, 3))
    found = rules.objections_to_entering(
        ALL["phq_9"], rules.AssignmentStanding(False, False), answers={"9": critical}, total=Decimal(total)
    )
    possible = total in [critical + others for others in range(8 * 3 + 1)]
    assert (not found) == possible


def test_a_total_from_paper_says_nothing_without_its_critical_item():
    """H12"""
    found = rules.objections_to_entering(
        ALL["phq_9"], rules.AssignmentStanding(False, False), answers={}, total=Decimal(12)
    )
    assert [it.code for it in found] == ["CRITICAL_MISSING"]


def test_an_instrument_is_found_by_its_file_and_named_as_it():
    assert {key: instrument.key for key, instrument in ALL.items()} == {key: key for key in ALL}
    files = {path.stem for path in (wording.FILES.parent).glob("*.py")} - {"__init__", "instrument"}
    assert files == set(ALL)


def test_the_chart_draws_the_instruments_that_ask_for_a_lane_each_in_its_own():
    assert [it.key for it in queries.on_chart()] == ["phq_9", "gad_7", "pcl_5"]
    lanes = [it.chart_lane for it in ALL.values() if it.chart_lane is not None]
    assert len(lanes) == len(set(lanes))
