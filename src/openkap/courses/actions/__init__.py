"""The writers of courses. Each locks the course, so that two people's acts follow one another."""

from openkap.courses.actions.drafting import NewOrder, draft
from openkap.courses.actions.ordering import (
    objections_to_ordering,
    objections_to_second,
    objections_to_taking_back,
    order,
    second_order,
    withdraw_order,
)
from openkap.courses.actions.outlook import clear_next_steps, count_next_steps
from openkap.courses.actions.planning import end_course, meet_gate, open_course, plan_sessions
from openkap.courses.actions.resting import order_rest

__all__ = [
    "NewOrder",
    "clear_next_steps",
    "count_next_steps",
    "draft",
    "end_course",
    "meet_gate",
    "objections_to_ordering",
    "objections_to_second",
    "objections_to_taking_back",
    "open_course",
    "order",
    "order_rest",
    "plan_sessions",
    "second_order",
    "withdraw_order",
]
