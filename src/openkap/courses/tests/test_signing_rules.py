"""Each thing that stands against signing is said, alone and together with the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openkap.courses import order_rules, signing_rules
from openkap.courses.reasons import CoursesReason as Why
from openkap.courses.signing_rules import OrderMoment, Signed
from openkap.courses.tests.test_order_rules import DRAFT, PACK

FREE = {"number": 1, "is_prescriber": True, "ended": False, "dose_runs": False, "dose_given": False}


def reasons(objections):
    return [it.reason for it in objections]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({}, []),
        ({"is_prescriber": False}, [Why.PRESCRIBERS_ONLY]),
        ({"ended": True}, [Why.COURSE_ENDED]),
        ({"dose_runs": True}, [Why.ORDERS_STAY]),
        ({"dose_given": True}, [Why.DOSE_GIVEN]),
        ({"has_order": True}, [Why.HAS_ORDER]),
    ],
)
def test_an_order_is_written_when_nothing_stands_against_it(how, why):
    moment = OrderMoment(**{**FREE, "has_order": False, **how})
    assert reasons(signing_rules.objections_to_ordering(moment)) == why


@pytest.mark.parametrize(
    ("order", "more", "why"),
    [
        (Signed(needs_second=True), {}, []),
        (Signed(), {}, [Why.SECOND_NOT_NEEDED]),
        (Signed(needs_second=True, taken_back=True), {}, [Why.TAKEN_BACK]),
        (Signed(needs_second=True, seconded=True), {}, [Why.SECOND_SIGNED]),
        (Signed(needs_second=True), {"same": True}, [Why.SECOND_BY_SAME]),
        (Signed(needs_second=True), {"dose_runs": True}, [Why.ORDERS_STAY]),
        (Signed(needs_second=True), {"is_prescriber": False}, [Why.PRESCRIBERS_ONLY]),
    ],
)
def test_a_second_signature_is_another_prescribers_and_once(order, more, why):
    how = {"is_prescriber": True, "same": False, "dose_runs": False, **more}
    assert reasons(signing_rules.objections_to_second(order, **how)) == why


@pytest.mark.parametrize(
    ("order", "more", "why"),
    [
        (Signed(), {}, []),
        (Signed(taken_back=True), {}, [Why.TAKEN_BACK_ALREADY]),
        (Signed(carried_out=True), {}, [Why.CARRIED_OUT]),
        (Signed(), {"dose_runs": True}, [Why.ORDERS_STAY]),
        (Signed(), {"why": " "}, [Why.WHY_BACK_MISSING]),
        (Signed(), {"is_prescriber": False}, [Why.PRESCRIBERS_TAKE_BACK]),
    ],
)
def test_an_order_is_taken_back_before_it_is_carried_out(order, more, why):
    how = {"is_prescriber": True, "dose_runs": False, "why": "Another dose.", **more}
    assert reasons(signing_rules.objections_to_taking_back(order, **how)) == why


def test_a_course_ends_with_a_reason_and_not_while_a_dose_runs():
    ending = signing_rules.objections_to_ending
    assert ending(ended=False, why="Well again.", dose_runs=False) == []
    assert reasons(ending(ended=True, why="", dose_runs=True)) == [
        Why.ENDED_ALREADY,
        Why.WHY_ENDS_MISSING,
        Why.DOSE_RUNS,
    ]


def test_an_order_speaks_of_a_planned_session_and_a_vial_of_the_product():
    choice = signing_rules.objections_to_choice
    assert choice(1, planned=True, has_vial=True, right_product=True) == []
    assert reasons(choice(9, planned=False, has_vial=False, right_product=False)) == [
        Why.NO_SUCH_SESSION,
        Why.VIAL_MISSING,
    ]
    assert reasons(choice(1, planned=True, has_vial=True, right_product=False)) == [Why.OTHER_PRODUCT]


def test_only_a_session_that_was_held_is_integrated():
    assert signing_rules.objections_to_integrating(1, planned=True, held=True) == []
    assert reasons(signing_rules.objections_to_integrating(1, planned=True, held=False)) == [
        Why.NOTHING_TO_INTEGRATE
    ]
    assert reasons(signing_rules.objections_to_integrating(7, planned=False, held=False)) == [
        Why.NO_SUCH_SESSION
    ]


def test_without_a_weight_there_is_nothing_to_compare():
    assert order_rules.side_by_side(replace(DRAFT, weighing=None), pack=PACK) == ()
