"""The writers of courses. Each locks the course, so that two people's acts follow one another."""

from openkap.courses.actions.ordering import NewOrder, draft, order, second_order, withdraw_order
from openkap.courses.actions.planning import end_course, meet_gate, open_course

__all__ = [
    "NewOrder",
    "draft",
    "end_course",
    "meet_gate",
    "open_course",
    "order",
    "second_order",
    "withdraw_order",
]
