"""What else stands in the way of a dose: a grave value, a dose too lately, news since the screening."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from openkap.chart import actions as chart
from openkap.dosing import actions, facts
from openkap.dosing.actions.doses import _too_soon, objections_to_start
from openkap.dosing.models import Dose, Mark, Session
from openkap.dosing.plausibility import MOAAS, SPO2
from openkap.dosing.tests.scene import ordered, scene, weigh
from openkap.kernel.answer import Answer
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast


def _codes(caught) -> set[str]:
    return {it.code for it in caught.value.objections}


def _against(it) -> set[str]:
    told = objections_to_start(it.session, initials="AO", birth_year=1985, by=it.cast.sam, at=it.later(1))
    return {one.code for one in told}


@pytest.mark.parametrize("values", [{SPO2: 81}, {MOAAS: 1}, {SPO2: 81, MOAAS: 1}])
def test_no_dose_begins_while_a_value_asks_for_a_stop(cast: Cast, values) -> None:
    """H08, H11: that it was measured is not enough; it must allow the dose."""
    it = scene(cast)
    it.take(values, minutes=0.5)
    with pytest.raises(Refused) as caught:
        it.start()
    assert "MARK_OPEN" in _codes(caught)
    assert Dose.objects.count() == 0
    for mark in Mark.objects.filter(closed_at__isnull=True):
        actions.acknowledge_mark(mark.id, action="Woken, repositioned", by=cast.sam, at=it.later(0.6))
    it.take({SPO2: 98, MOAAS: 5}, minutes=0.8)
    assert it.start(minutes=1).ordered_mg == 36


def test_only_the_bedside_makes_the_drug_run(cast: Cast) -> None:
    it = scene(cast)
    it.start()
    noor = {"by": cast.noor, "at": it.later(5)}
    actions.pause(it.session.id, **noor)
    for act in (actions.resume, actions.end):
        with pytest.raises(Refused) as caught:
            act(it.session.id, **noor)
        assert "ROLE" in _codes(caught)
    actions.resume(it.session.id, by=cast.sam, at=it.later(6))
    actions.stop(it.session.id, by=cast.noor, at=it.later(7))


def test_a_dose_too_soon_needs_a_second_prescriber_at_the_start_too(cast: Cast) -> None:
    """H05, H06: what was planned is not what happens; the days are counted at the start."""
    it = scene(cast)
    assert _against(it) == set()
    earlier = it.start()
    Dose.objects.filter(id=earlier.id).update(at=NOW - timedelta(days=1), ended_at=NOW - timedelta(days=1))
    course = it.session.course
    fresh = Session(patient_id=it.session.patient_id, course=course, clinic_id=it.session.clinic_id)
    assert [one.code for one in _too_soon(fresh, it.order, at=NOW)] == ["TOO_SOON"]
    assert _too_soon(fresh, it.order, at=NOW + timedelta(days=1)) == []


def test_what_is_learned_after_the_screening_stands_in_the_way(cast: Cast) -> None:
    """H17: a pregnancy told after the decision was signed is not covered by it."""
    it = scene(cast)
    assert "screening_news" not in _against(it)
    chart.answer_facts(cast.amara.id, answers={"pregnancy": (Answer.YES, "")}, by=cast.sam, at=NOW)
    assert "screening_news" in _against(it)


def test_alcohol_is_asked_about_on_the_day_and_a_yes_waits_for_a_prescriber(cast: Cast) -> None:
    """H11: yesterday's no is no answer today; a yes is shown with its rule, and asked again or decided."""
    it = scene(cast, without="today")
    assert _against(it) == {"DAY_NOT_ASKED"}
    _says(cast, Answer.NO, at=NOW - timedelta(days=1))
    assert _against(it) == {"DAY_NOT_ASKED"}
    _says(cast, Answer.YES, at=NOW)
    assert _against(it) == {"DAY_YES"}
    (told,) = objections_to_start(it.session, initials="AO", birth_year=1985, by=cast.sam, at=it.later(1))
    assert "DDI_ALCOHOL" in told.text
    actions.decide_to_go_on(it.session.id, reason="A sip at noon", by=cast.okafor, at=it.later(0.5))
    assert _against(it) == set()
    _says(cast, Answer.YES, at=it.later(0.8))
    assert _against(it) == {"DAY_YES"}
    _says(cast, Answer.NO, at=it.later(0.9))
    assert _against(it) == set()


def _says(cast: Cast, answer: Answer, *, at: datetime) -> None:
    asked = frozenset({"alcohol_today"})
    chart.answer_facts(
        cast.amara.id, answers={"alcohol_today": (answer, "")}, again=asked, by=cast.sam, at=at
    )


def test_a_weight_that_has_changed_since_the_order_stands_in_the_way(cast: Cast) -> None:
    """H04."""
    it = scene(cast)
    weigh(cast, "60", at=it.later(0.5))
    assert _against(it) == {"WEIGHT_CHANGED"}
    weigh(cast, "71.5", at=it.later(0.6))
    assert _against(it) == set()


def test_a_person_nobody_has_weighed_waits_for_the_scale(cast: Cast) -> None:
    """H04."""
    assert _against(scene(cast, without="weight")) == {"WEIGHT_MISSING"}


def test_a_grave_mark_is_lifted_by_measuring_and_not_by_a_word(cast: Cast) -> None:
    """H14: leaving waits for the value, also when somebody has answered the mark."""
    it = scene(cast)
    it.start()
    it.take({SPO2: 86}, minutes=5)
    actions.acknowledge_mark(Mark.objects.get().id, action="Oxygen", by=cast.sam, at=it.later(6))
    assert facts.marks_in_the_way(it.session) == 1
    it.take({SPO2: 97}, minutes=8)
    assert facts.marks_in_the_way(it.session) == 0


def test_an_order_over_the_ceiling_starts_no_dose_whoever_signed_it(cast: Cast) -> None:
    """H06: an order signed before there was a ceiling is held at the start."""
    it = scene(cast, without="order")
    ordered(cast, it.session.course, dose_mg=Decimal(160), infusion_minutes=Decimal(9))
    assert {"DOSE_OVER_CEILING", "TIME_UNDER_CEILING", "RATE_OVER_CEILING"} <= _against(it)
