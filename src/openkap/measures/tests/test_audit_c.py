"""AUDIT-C: every answer there can be, against the published cuts written down once more."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from openkap.measures import actions, wording
from openkap.measures.instruments import ALL
from openkap.measures.instruments.audit_c import LOOK
from openkap.people.models import Patient
from tests.cast import NOW, Cast

AUDIT_C = ALL["audit_c"]
EVERY = [dict(zip("123", values, strict=True)) for values in product(range(5), repeat=3)]


@pytest.mark.parametrize(("sex", "cut"), [("female", 3), ("male", 4), ("other", 3), ("unknown", 3), ("", 3)])
def test_every_total_is_held_against_the_cut_of_the_recorded_sex(sex: str, cut: int) -> None:
    for answers in EVERY:
        scored = AUDIT_C.scored(answers, sex=sex)
        total = sum(answers.values())
        assert scored.total == Decimal(total)
        assert scored.band == f"{'at or above' if total >= cut else 'below'} the cut of {cut}"


def test_points_from_the_first_question_alone_ask_for_a_look_at_the_answers() -> None:
    flagged = [tuple(it.values()) for it in EVERY if LOOK in AUDIT_C.scored(it).flags]
    assert flagged == [(3, 0, 0), (4, 0, 0)]


def test_a_missing_answer_is_no_zero() -> None:
    scored = AUDIT_C.scored({"1": 4, "2": 4})
    assert scored.total is None
    assert "3" in scored.incomplete_reason


def test_its_wording_has_five_answers_to_each_of_three_questions() -> None:
    words = wording.of(AUDIT_C)
    assert words is not None
    assert [len(question.answers) for question in words.questions] == [5, 5, 5]


@pytest.mark.parametrize(
    ("sex", "band"), [("male", "below the cut of 4"), ("female", "at or above the cut of 3")]
)
def test_a_persons_own_sex_decides_the_band_that_is_kept(cast: Cast, sex: str, band: str) -> None:
    Patient.objects.filter(id=cast.amara.id).update(sex=sex)
    row = actions.enter_from_paper(
        cast.amara.id,
        measure="audit_c",
        total=Decimal(3),
        answers={},
        owner_membership_id=cast.okafor.membership_id,
        by=cast.okafor,
        at=NOW,
    )
    assert (row.total, row.band) == (Decimal(3), band)
