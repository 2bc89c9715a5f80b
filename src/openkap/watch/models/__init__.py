"""The tables of a session under watch: the session, what was measured, the marks, and the monitors."""

from openkap.watch.models.archived import ArchivedVitals
from openkap.watch.models.minutes import VitalMinute
from openkap.watch.models.monitors import Monitor, Pairing, PutAside, PutAsideSeen
from openkap.watch.models.session import Session
from openkap.watch.models.watch import (
    AdverseEvent,
    AnyVital,
    EnteredInError,
    Mark,
    MarkDecision,
    Remark,
    Vital,
    VitalSettled,
)

__all__ = [
    "AdverseEvent",
    "AnyVital",
    "ArchivedVitals",
    "EnteredInError",
    "Mark",
    "MarkDecision",
    "Monitor",
    "Pairing",
    "PutAside",
    "PutAsideSeen",
    "Remark",
    "Session",
    "Vital",
    "VitalMinute",
    "VitalSettled",
]
