"""What stands against giving a measure out, sending it, and writing it down from paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.measures import rules
from openkap.measures.instruments import ALL
from openkap.measures.reasons import MeasuresReason as Why
from openkap.measures.rules import AssignmentStanding

PHQ, OPEN = ALL["phq_9"], AssignmentStanding(handed_in=False, withdrawn=False)


def reasons(objections):
    return [it.reason for it in objections]


def test_only_a_measure_that_is_known_and_may_be_shown_is_given_out():
    assert reasons(rules.objections_to_assigning(None, has_wording=True)) == [Why.UNKNOWN_MEASURE]
    assert reasons(rules.objections_to_assigning(PHQ, has_wording=False)) == [Why.NO_WORDING]
    assert rules.objections_to_assigning(PHQ, has_wording=True) == []


def test_a_link_needs_an_address_and_an_end_needs_a_reason():
    assert reasons(rules.objections_to_sending(OPEN, has_address=False)) == [Why.NO_EMAIL]
    assert rules.objections_to_sending(OPEN, has_address=True) == []
    assert reasons(rules.objections_to_withdrawing(OPEN, why=" ")) == [Why.WHY_MISSING]
    assert rules.objections_to_withdrawing(OPEN, why="Asked twice.") == []


def test_what_comes_from_paper_is_possible_and_not_empty():
    critical = dict.fromkeys(PHQ.critical, 0)
    entering = rules.objections_to_entering
    assert entering(PHQ, OPEN, answers=critical, total=None) == []
    assert Why.ANSWERS_IMPOSSIBLE in reasons(
        entering(PHQ, OPEN, answers={**critical, PHQ.items[0]: 99}, total=None)
    )
    assert Why.NOTHING_ANSWERED in reasons(entering(PHQ, OPEN, answers={}, total=None))


@pytest.mark.parametrize(
    ("first", "now", "says"),
    [
        (None, Decimal(3), ""),
        (Decimal(3), None, ""),
        (Decimal(20), Decimal(10), "−10 (−50 %)"),
        (Decimal(10), Decimal(12), "+2 (+20 %)"),
        (Decimal(10), Decimal(10), "±0 (±0 %)"),
        (Decimal(0), Decimal(4), "+4"),
    ],
)
def test_a_change_says_its_direction_and_its_share(first, now, says):
    assert rules.change_in_words(first, now) == says
