"""What a monitor's readings change in open rooms, read for many rooms at once.

A monitor speaks each second, and most of what it says moves the tiles and the plot alone. So these are read
by themselves, and the whole room only where something else of it moved too (`rest_of`).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from openkap.watch import checks, watching
from openkap.watch import facts as watch_facts
from openkap.watch.models import Mark, Session
from openkap.watch.series import SeriesChanges, changes_of, edition
from openkap.watch.tiles import Tile, tiles_of


def open_marks(session: Session) -> list[Mark]:
    """The marks that stand, oldest first."""
    return [mark for mark in watch_facts.marks(session) if mark.closed_at is None]


@dataclass(frozen=True, slots=True)
class FreshValues:
    """What a monitor's readings change in an open room: its tiles, and its series.

    `rest` says what the rest of the room stands at: where it is another than before, the whole room is read.
    """

    tiles: list[Tile]
    changes: SeriesChanges
    rest: str


def fresh_values(
    sessions: Sequence[Session], *, at: datetime, seen: Mapping[uuid.UUID, str]
) -> dict[uuid.UUID, FreshValues]:
    """The values of several rooms at a moment, each question asked once for all of them."""
    watch_facts.read_protocols(sessions)
    with watch_facts.reading_all(sessions, at=at, moments={}):
        told = changes_of(sessions, at=at, seen=seen)
        values = {}
        for session in sessions:
            planned = watching.open_checks(session, at=at)
            tiles = tiles_of(session, planned, at=at)
            values[session.id] = FreshValues(tiles, told[session.id], rest_of(session, planned, at=at))
        return values


def rest_of(session: Session, planned: Sequence[checks.Check], *, at: datetime) -> str:
    """What values may move of a room besides its tiles: checks, marks, corrections, a monitor's silence."""
    pairing = watching.pairing_of(session)
    silent = pairing is not None and watching.is_silent(session, pairing, at=at)
    marks = [(str(mark.id), mark.level, sorted(mark.extent.items())) for mark in open_marks(session)]
    due = [(check.key, check.due_at.isoformat(), check.state, *check.missing) for check in planned]
    stands = json.dumps([edition(session), marks, due, silent])
    return hashlib.blake2b(stands.encode(), digest_size=8).hexdigest()
