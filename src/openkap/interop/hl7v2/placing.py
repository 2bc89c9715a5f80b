"""Whose readings a message brings: the session its monitor is paired with, or nobody's. Nothing is guessed.

The pairing a person made at the bedside is the only bridge. What the message itself says of patient, place
and time may speak against it and never for it (H30).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from openkap.dosing import queries as dosing
from openkap.dosing.models import Monitor, Pairing
from openkap.interop.hl7v2 import naming
from openkap.interop.hl7v2.message import Message
from openkap.interop.hl7v2.understood import Reading, Understood

CLOCK_OFF_AT_MOST = timedelta(minutes=5)
UNPAIRED = "is paired with no session."
SENT_IN_WHOLE_SECONDS = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: its monitor and pairing, or the reason why it waits.

    `awaited_in` is the pairing whose room waits for the message, whether it gets there or not.
    """

    monitor: Monitor | None = None
    pairing: Pairing | None = None
    reason: str = ""
    awaited_in: Pairing | None = None


def monitors_of(message: Message) -> list[Monitor]:
    """The clinic's monitors that go by one of the names the message gives its sender."""
    return dosing.monitor_by_names(naming.sender(message))


def place(found: Understood, monitors: list[Monitor], *, at: datetime) -> Place:
    """The session this message belongs to, or why it belongs to none."""
    if not monitors:
        return Place(reason="No monitor of this clinic goes by the name the message gives.")
    if len(monitors) > 1:
        return Place(reason="The message names more than one of the clinic's monitors.")
    monitor = monitors[0]
    pairing = dosing.pairing_now(monitor.id)
    against = _against_anybody(found)
    if not against:
        against = f"{monitor.name} {UNPAIRED}"
        if pairing is not None:
            against = _against(found, monitor, pairing, at)
    return Place(monitor, None if against else pairing, against, awaited_in=pairing)


def _against_anybody(found: Understood) -> str:
    """Why the message can be nobody's, whatever the pairing."""
    if found.several:
        return "The message speaks of several people or places; nothing is charted."
    return "The monitor is in its demonstration mode." if found.demo else ""


def _against(found: Understood, monitor: Monitor, pairing: Pairing, at: datetime) -> str:
    """What in the message contradicts the pairing."""
    if found.patients and pairing.session.patient.mrn not in found.patients:
        return f"The message names another patient than the session {monitor.name} is paired with."
    if monitor.location and found.location and found.location != monitor.location:
        return f"The message comes from {found.location}; {monitor.name} belongs to {monitor.location}."
    off = abs(found.sent_at.utc - at) if found.sent_at else timedelta(0)
    minutes = int(off.total_seconds() // 60)
    if off > CLOCK_OFF_AT_MOST and found.says_when_sent:
        return f"The clock of {monitor.name} is {minutes} min off."
    if off > CLOCK_OFF_AT_MOST:
        return f"{monitor.name} does not say when it sent this, and its newest time is {minutes} min off."
    return ""


def too_early(reading: Reading, pairing: Pairing) -> bool:
    """Whether it was measured before this pairing: monitors go on sending an earlier cuff."""
    return reading.measured_at.utc + SENT_IN_WHOLE_SECONDS < pairing.at
