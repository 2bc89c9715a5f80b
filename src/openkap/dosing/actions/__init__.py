"""The writers of the dosing room: lock, decide, write, record. One module for each family of verbs."""

from openkap.dosing.actions.answering import acknowledge_mark, decide_about_mark
from openkap.dosing.actions.departing import close_session, go_against_advice, leave, release_lock
from openkap.dosing.actions.doses import change_rate, end, order_rest, pause, resume, start, stop
from openkap.dosing.actions.errors import correct_value, enter_in_error
from openkap.dosing.actions.marking import look_round
from openkap.dosing.actions.monitors import add_monitor, heard, pair, retire_monitor, unpair
from openkap.dosing.actions.putting_aside import NotCharted, put_aside, see_put_aside
from openkap.dosing.actions.sessions import (
    answer_today,
    decide_to_go_on,
    open_session,
    promise_no_drive,
    review_medicines,
    second_check,
)
from openkap.dosing.actions.settling import settle_mark
from openkap.dosing.actions.vitals import take_moments, take_vital, take_vitals
from openkap.dosing.actions.watch import note_remark, note_side_effect

__all__ = [
    "NotCharted",
    "acknowledge_mark",
    "add_monitor",
    "answer_today",
    "change_rate",
    "close_session",
    "correct_value",
    "decide_about_mark",
    "decide_to_go_on",
    "end",
    "enter_in_error",
    "go_against_advice",
    "heard",
    "leave",
    "look_round",
    "note_remark",
    "note_side_effect",
    "open_session",
    "order_rest",
    "pair",
    "pause",
    "promise_no_drive",
    "put_aside",
    "release_lock",
    "resume",
    "retire_monitor",
    "review_medicines",
    "second_check",
    "see_put_aside",
    "settle_mark",
    "start",
    "stop",
    "take_moments",
    "take_vital",
    "take_vitals",
    "unpair",
]
