"""What must not be merged or closed just now. `config/wiring.py` hands in who knows it: sessions, above."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Literal

Held = Callable[[uuid.UUID], bool]
Counted = Callable[[], Mapping[uuid.UUID, int]]
RoomUse = Literal["running", "planned"]
_known: list[tuple[str, Held]] = []
_of_rooms: dict[RoomUse, Counted] = {}


def hold_with(why: str, held: Held) -> None:
    """Let merging ask this before two records become one; `why` is the sentence when it says yes."""
    if (why, held) not in _known:
        _known.append((why, held))


def reasons(*patient_ids: uuid.UUID) -> list[str]:
    """Why these records cannot be merged at this moment."""
    return [why for why, held in _known if any(held(it) for it in patient_ids)]


def count_in_rooms(use: RoomUse, counted: Counted) -> None:
    """Let closing a room ask this: how many sessions run in each, or are planned there and not yet held."""
    _of_rooms[use] = counted


def uses_of_rooms() -> dict[RoomUse, Mapping[uuid.UUID, int]]:
    """What the rooms are needed for, now and later."""
    return {use: counted() for use, counted in _of_rooms.items()}
