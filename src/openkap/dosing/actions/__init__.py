"""The writers of the dosing room: lock, decide, write, record. One module for each family of verbs."""

from openkap.dosing.actions.discharging import close_session, discharge, go_against_advice, release_lock
from openkap.dosing.actions.doses import change_rate, end, pause, resume, start, stop
from openkap.dosing.actions.errors import correct_value, enter_in_error
from openkap.dosing.actions.resting import order_rest
from openkap.dosing.actions.sessions import (
    answer_today,
    decide_to_go_on,
    promise_no_drive,
    review_medicines,
    second_check,
)

__all__ = [
    "answer_today",
    "change_rate",
    "close_session",
    "correct_value",
    "decide_to_go_on",
    "discharge",
    "end",
    "enter_in_error",
    "go_against_advice",
    "order_rest",
    "pause",
    "promise_no_drive",
    "release_lock",
    "resume",
    "review_medicines",
    "second_check",
    "start",
    "stop",
]
