"""What stands against opening a session. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from openkap.kernel.refusal import Objection, Refused
from openkap.watch.reasons import WatchReason


@dataclass(frozen=True, slots=True)
class SessionOpening:
    """What is known when a person is here and a room is chosen."""

    number: int
    course_ended: bool = False
    planned: bool = True
    cancelled: bool = False
    opened: bool = False
    room: str = ""
    room_in_use: bool = True
    room_taken: bool = False
    other_open: bool = False


def objections_to_opening(it: SessionOpening) -> list[Objection]:
    """One session of a plan, one person, one room at a time."""
    objections = [WatchReason.COURSE_ENDED()] if it.course_ended else []
    if not it.planned:
        objections.append(WatchReason.NOT_PLANNED(number=it.number))
    elif it.cancelled:
        objections.append(WatchReason.CANCELLED(number=it.number))
    elif it.opened:
        objections.append(WatchReason.OPENED_ALREADY(number=it.number))
    if not it.room_in_use:
        objections.append(WatchReason.ROOM_NOT_IN_USE("room"))
    elif it.room_taken:
        objections.append(WatchReason.ROOM_TAKEN("room", room=it.room))
    if it.other_open:
        objections.append(WatchReason.OTHER_SESSION_OPEN())
    return objections


def no_such_session() -> Refused:
    """The session is not this clinic's."""
    return Refused(WatchReason.NO_SUCH_SESSION())


def objections_to_writing(*, closed: bool) -> list[Objection]:
    """What a closed session no longer takes."""
    return [WatchReason.SESSION_CLOSED()] if closed else []
