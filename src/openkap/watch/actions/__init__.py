"""The writers of a session under watch. Each locks the session before it decides."""

from openkap.watch.actions.answering import acknowledge_mark, decide_about_mark
from openkap.watch.actions.archiving import archive
from openkap.watch.actions.locking import locked_open_session, locked_session, tell
from openkap.watch.actions.marking import close_baseless, reevaluate, sweep, sweep_all
from openkap.watch.actions.monitors import add_monitor, heard, pair, retire_monitor, unpair
from openkap.watch.actions.opening import objections_to_opening, open_session
from openkap.watch.actions.putting_aside import NotCharted, put_aside, see_put_aside
from openkap.watch.actions.settling import settle_mark
from openkap.watch.actions.vitals import take_moments, take_vital, take_vitals
from openkap.watch.actions.watch import note_adverse_event, note_remark

__all__ = [
    "NotCharted",
    "acknowledge_mark",
    "add_monitor",
    "archive",
    "close_baseless",
    "decide_about_mark",
    "heard",
    "locked_open_session",
    "locked_session",
    "note_adverse_event",
    "note_remark",
    "objections_to_opening",
    "open_session",
    "pair",
    "put_aside",
    "reevaluate",
    "retire_monitor",
    "see_put_aside",
    "settle_mark",
    "sweep",
    "sweep_all",
    "take_moments",
    "take_vital",
    "take_vitals",
    "tell",
    "unpair",
]
