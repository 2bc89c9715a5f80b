"""What is pushed to open rooms: worked out once for all screens of a session, and rendered once a role.

Two things are told. The `answer` is the whole room; however many screens of a session are open in a process,
a change costs it one reading of the session. `values` are what a monitor's readings change, its tiles and its
series, read for all rooms of a clinic at once; where they find that more has moved, the answer follows.

What is pushed says since when (`base`) its series tells what changed; a screen that has seen less asks by
itself. Values never move `base` on: a screen that missed some of them goes on with the next.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone, translation

from openkap.dosing.views.answers import ToldValues, answers, values_of
from openkap.tenancy import notifications
from openkap.tenancy.context import inside
from openkap.watch.actions.locking import TOPIC

# A monitor speaks each second. A machine that takes long for an answer gives fewer of them: of its time one
# room takes a twentieth, and no screen waits so long that it calls itself not live.
APART_SECONDS, APART_SECONDS_AT_MOST = 0.9, 3.0
TWENTIETH = 20
GATHER_SECONDS = 0.05  # what monitors of several rooms send within this is read together
LOOKED_AT_SECONDS = 30.0  # so long may values alone be told: then the whole room is looked at


@dataclass(slots=True, eq=False)
class OpenRoom:
    """The open screens of a session in one language, and what was worked out for them last."""

    clinic_id: uuid.UUID
    session_id: uuid.UUID
    language: str | None
    seen: str
    roles: Counter[str] = field(default_factory=Counter)
    began: float = float("-inf")
    apart: float = 0.0
    said: dict[str, bytes] = field(default_factory=dict)
    rest: str = ""
    work: asyncio.Task[None] | None = None
    values_began: float = float("-inf")
    values_said: bytes | None = None

    async def answer(self, role: str, *, after: float) -> tuple[float, bytes]:
        """What is shown to a role, worked out after that moment, and when that began (both monotonic)."""
        while self.began <= after or role not in self.said:
            if self.work is None or self.work.done():
                self.work = asyncio.create_task(self._work_out())
            await asyncio.shield(self.work)
        return self.began, self.said[role]

    async def values(self, *, after: float) -> tuple[float, bytes | None]:
        """The values read after that moment, and when that began; None where the answer tells of them."""
        while self.values_began <= after:
            await _together(self).read(self)
        return self.values_began, self.values_said

    async def _work_out(self) -> None:
        """Not more often than every so many seconds, whatever a monitor sends."""
        await asyncio.sleep(max(self.began + self.apart - time.monotonic(), 0))
        async with _one_after_the_other():
            began, roles = time.monotonic(), tuple(self.roles)
            parts = await sync_to_async(self._read, thread_sensitive=False)(roles)
        for answer in parts.values():
            self.rest, self.seen = answer["rest"], answer["seen"]
        self.said = {role: json.dumps(answer).encode() for role, answer in parts.items()}
        self.began, took = began, time.monotonic() - began
        self.apart = min(max(APART_SECONDS, TWENTIETH * took), APART_SECONDS_AT_MOST)

    def _read(self, roles: Collection[str]) -> dict[str, dict[str, Any]]:
        try:
            with inside(self.clinic_id, role="system"), translation.override(self.language):
                return answers(self.session_id, roles=roles, at=timezone.now(), seen=self.seen)
        finally:
            if not connection.in_atomic_block:
                connection.close()

    def take_values(self, told: ToldValues | None, *, began: float) -> None:
        """What was read of its values; where more has moved, its screens are told to show the answer."""
        goes_on = told is not None and (told.numbers["series_minutes"] is not None or not self.seen)
        self.values_began = began
        self.values_said = json.dumps(told.numbers).encode() if told is not None and goes_on else None
        moved = told is None or not goes_on or told.rest != self.rest
        resting = self.work is None or self.work.done()
        if moved or (resting and began - self.began > LOOKED_AT_SECONDS):
            notifications.hub().wake(TOPIC, clinic_id=self.clinic_id, about=self.session_id)


@dataclass(slots=True, eq=False)
class RoomsTogether:
    """The open rooms of a clinic in one language, whose values are read together, round by round."""

    clinic_id: uuid.UUID
    language: str | None
    waiting: set[OpenRoom] = field(default_factory=set)
    began: float = float("-inf")
    took: float = 0.0
    next_round: asyncio.Task[None] | None = None
    one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self, room: OpenRoom) -> None:
        """Read the room in the next round, with all others that wait for it."""
        self.waiting.add(room)
        if self.next_round is None:
            self.next_round = asyncio.create_task(self._round())
        await asyncio.shield(self.next_round)

    async def _round(self) -> None:
        """One reading for all who wait. A slow machine rests between two as long as one takes."""
        async with self.one_by_one:
            apart = max(GATHER_SECONDS, self.took)
            await asyncio.sleep(max(self.began + self.took + apart - time.monotonic(), GATHER_SECONDS))
            rooms, self.waiting, self.next_round = self.waiting, set(), None
            self.began = time.monotonic()
            told = await sync_to_async(self._read, thread_sensitive=False)(
                {room.session_id: room.seen for room in rooms}
            )
            self.took = time.monotonic() - self.began
            self._hand_out(told, rooms)

    def _hand_out(self, told: Mapping[uuid.UUID, ToldValues], rooms: Iterable[OpenRoom]) -> None:
        for room in rooms:
            room.take_values(told.get(room.session_id), began=self.began)

    def _read(self, seen: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, ToldValues]:
        try:
            with inside(self.clinic_id, role="system"), translation.override(self.language):
                return values_of(seen, at=timezone.now())
        finally:
            if not connection.in_atomic_block:
                connection.close()


_whole_rooms: dict[int, asyncio.Semaphore] = {}


def _one_after_the_other() -> asyncio.Semaphore:
    """Whole rooms are read one by one, so that many of them leave the values of the others their time."""
    return _whole_rooms.setdefault(id(asyncio.get_running_loop()), asyncio.Semaphore(1))


_rooms: dict[tuple[int, uuid.UUID, uuid.UUID, str | None], OpenRoom] = {}
_read_together: dict[tuple[int, uuid.UUID, str | None], RoomsTogether] = {}


def _together(room: OpenRoom) -> RoomsTogether:
    key = (id(asyncio.get_running_loop()), room.clinic_id, room.language)
    if key not in _read_together:
        _read_together[key] = RoomsTogether(room.clinic_id, room.language)
    return _read_together[key]


def join(watched: tuple[uuid.UUID, uuid.UUID], *, role: str, language: str | None, seen: str) -> OpenRoom:
    """One screen more in the room of a clinic's session; it has seen the series until `seen`."""
    key = (id(asyncio.get_running_loop()), *watched, language)
    room = _rooms.setdefault(key, OpenRoom(*watched, language, seen))
    room.roles[role] += 1
    return room


def leave(room: OpenRoom, *, role: str) -> None:
    """The screen has closed. A room that nobody shows is kept no longer."""
    room.roles[role] -= 1
    room.roles += Counter()
    for key in [key for key, known in _rooms.items() if known is room and not room.roles]:
        del _rooms[key]
    shown = {(loop, clinic_id, language) for loop, clinic_id, _, language in _rooms}
    for gone in set(_read_together) - shown:
        del _read_together[gone]
