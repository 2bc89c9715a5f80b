"""The decisions of the watch, pure: one module for each moment they are made at."""

from openkap.watch.rules.answering import (
    NURSE,
    PRESCRIBER,
    OpenMark,
    no_such_mark,
    objections_to_answering,
    objections_to_deciding,
    objections_to_settling,
)
from openkap.watch.rules.charting import (
    objections_to_adverse_event,
    objections_to_moment,
    objections_to_remark,
    objections_to_unit,
    objections_to_values,
    other_content,
    other_value,
)
from openkap.watch.rules.opening import (
    SessionOpening,
    no_such_session,
    objections_to_opening,
    objections_to_writing,
)
from openkap.watch.rules.pairing import (
    no_such_monitor,
    no_such_value,
    not_paired,
    objections_to_monitor,
    objections_to_pairing,
    objections_to_retiring,
    objections_to_seeing,
)
from openkap.watch.rules.typing import objections_to_typed

__all__ = [
    "NURSE",
    "PRESCRIBER",
    "OpenMark",
    "SessionOpening",
    "no_such_mark",
    "no_such_monitor",
    "no_such_session",
    "no_such_value",
    "not_paired",
    "objections_to_adverse_event",
    "objections_to_answering",
    "objections_to_deciding",
    "objections_to_moment",
    "objections_to_monitor",
    "objections_to_opening",
    "objections_to_pairing",
    "objections_to_remark",
    "objections_to_retiring",
    "objections_to_seeing",
    "objections_to_settling",
    "objections_to_typed",
    "objections_to_unit",
    "objections_to_values",
    "objections_to_writing",
    "other_content",
    "other_value",
]
