"""The room's answer as it is pushed: worked out once for all screens of a session, and rendered once a role.

However many screens of a session are open in a process, a change costs it one reading of the session. What is
pushed says since when (`base`) its series tells what changed; a screen that has seen less asks by itself.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone, translation

from openkap.dosing.views.answers import answers
from openkap.tenancy.context import inside

# A monitor speaks each second. A machine that takes long for an answer gives fewer of them: of its time one
# room takes a twentieth, and no screen waits so long that it calls itself not live.
APART_SECONDS, APART_SECONDS_AT_MOST = 0.9, 3.0
TWENTIETH = 20


@dataclass(slots=True)
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
    work: asyncio.Task[None] | None = None

    async def answer(self, role: str, *, after: float) -> tuple[float, bytes]:
        """What is shown to a role, worked out after that moment, and when that began (both monotonic)."""
        while self.began <= after or role not in self.said:
            if self.work is None or self.work.done():
                self.work = asyncio.create_task(self._work_out())
            await asyncio.shield(self.work)
        return self.began, self.said[role]

    async def _work_out(self) -> None:
        """Not more often than every so many seconds, whatever a monitor sends."""
        await asyncio.sleep(max(self.began + self.apart - time.monotonic(), 0))
        began, roles = time.monotonic(), tuple(self.roles)
        parts = await sync_to_async(self._read, thread_sensitive=False)(roles)
        self.said = {role: json.dumps(answer).encode() for role, answer in parts.items()}
        self.began, took = began, time.monotonic() - began
        self.apart = min(max(APART_SECONDS, TWENTIETH * took), APART_SECONDS_AT_MOST)
        self.seen = next((answer["seen"] for answer in parts.values()), self.seen)

    def _read(self, roles: Collection[str]) -> dict[str, dict[str, Any]]:
        try:
            with inside(self.clinic_id, role="system"), translation.override(self.language):
                return answers(self.session_id, roles=roles, at=timezone.now(), seen=self.seen)
        finally:
            if not connection.in_atomic_block:
                connection.close()


_rooms: dict[tuple[int, uuid.UUID, uuid.UUID, str | None], OpenRoom] = {}


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
