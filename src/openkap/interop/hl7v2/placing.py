"""Whose readings a message brings: the session its monitor is paired with, or nobody's. Nothing is guessed.

The pairing a person made at the bedside is the only bridge. What the message itself says of patient, place
and time may speak against it and never for it (H30).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openkap.interop.hl7v2 import naming
from openkap.interop.hl7v2.message import Hl7Message
from openkap.interop.hl7v2.understood import SentReading, UnderstoodMessage
from openkap.interop.numbers import InteropNumbers
from openkap.interop.statements import WaitingStatement
from openkap.kernel.statement import Stated
from openkap.watch import queries as watch_queries
from openkap.watch.models import Monitor, Pairing

SENT_IN_WHOLE_SECONDS = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """Where a message goes: its monitor and pairing, or the reason why it waits.

    `awaited_in` is the pairing whose room waits for the message, whether it gets there or not.
    """

    monitor: Monitor | None = None
    pairing: Pairing | None = None
    reason: Stated | None = None
    awaited_in: Pairing | None = None


def monitors_of(messages: Sequence[Hl7Message]) -> list[list[Monitor]]:
    """For each message, the clinic's monitors that go by one of the names it gives its sender."""
    names = [set(naming.sender(message)) for message in messages]
    known = watch_queries.monitor_by_names(sorted(set().union(*names)))
    return [[monitor for monitor in known if monitor.identifier in some] for some in names]


def place(
    understood: UnderstoodMessage,
    monitors: list[Monitor],
    *,
    pairings: Mapping[uuid.UUID, Pairing],
    numbers: InteropNumbers,
    at: datetime,
) -> MessagePlace:
    """The session this message belongs to, or why it belongs to none. `pairings` are those of now."""
    if not monitors:
        return MessagePlace(reason=WaitingStatement.NO_SUCH_MONITOR())
    if len(monitors) > 1:
        return MessagePlace(reason=WaitingStatement.SEVERAL_MONITORS())
    monitor = monitors[0]
    pairing = pairings.get(monitor.id)
    against = _against_anybody(understood)
    if against is None and pairing is None:
        against = WaitingStatement.NOT_PAIRED(monitor=monitor.name)
    elif against is None and pairing is not None:
        against = _against(understood, monitor, pairing=pairing, numbers=numbers, at=at)
    return MessagePlace(monitor, None if against else pairing, against, awaited_in=pairing)


def _against_anybody(understood: UnderstoodMessage) -> Stated | None:
    """Why the message can be nobody's, whatever the pairing."""
    if understood.several:
        return WaitingStatement.SEVERAL_PEOPLE()
    return WaitingStatement.DEMONSTRATION() if understood.demo else None


def _against(
    understood: UnderstoodMessage,
    monitor: Monitor,
    *,
    pairing: Pairing,
    numbers: InteropNumbers,
    at: datetime,
) -> Stated | None:
    """What in the message contradicts the pairing."""
    if understood.patients and pairing.session.patient.mrn not in understood.patients:
        return WaitingStatement.OTHER_PATIENT(monitor=monitor.name)
    if monitor.location and understood.location and understood.location != monitor.location:
        return WaitingStatement.OTHER_PLACE(
            location=understood.location, monitor=monitor.name, place=monitor.location
        )
    clock_off = timedelta(minutes=numbers.clock_off_minutes)
    off = abs(understood.sent_at.utc - at) if understood.sent_at else timedelta(0)
    minutes = int(off.total_seconds() // 60)
    if off > clock_off and understood.says_when_sent:
        return WaitingStatement.CLOCK_OFF(monitor=monitor.name, minutes=minutes)
    if off > clock_off:
        return WaitingStatement.TIME_OFF(monitor=monitor.name, minutes=minutes)
    return None


def too_early(reading: SentReading, pairing: Pairing) -> bool:
    """Whether it was measured before this pairing: monitors go on sending an earlier cuff."""
    return reading.measured_at.utc + SENT_IN_WHOLE_SECONDS < pairing.at
