"""Notifications: every open screen learns that something changed, with ids only.

NOTIFY leaves with the commit and never before it; the payload carries ids, never a
value, because a stream must ask for what it may see like any other reader. Each process
holds one LISTEN connection, and no stream holds a transaction open.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from django.db import connection

CHANNEL = "openkap_notifications"
ANSWER_SECONDS = 3
QUIET_SECONDS = 5.0
_log = logging.getLogger(__name__)


_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Notification:
    """Something changed about one thing of a clinic; `heard_at` is when this process heard it (monotonic).

    `look_again` where it is not known what changed: some notifications may have been missed.
    """

    key: _Key
    look_again: bool = False
    heard_at: float = field(default_factory=time.monotonic)

    @property
    def topic(self) -> str:
        """What kind of change it tells of."""
        return self.key[1]


def publish(topic: str, *, clinic_id: uuid.UUID, about: uuid.UUID) -> None:
    """Tell the screens that show one thing of a clinic that it changed, when (and only when) it commits."""
    publish_all(topic, [about], clinic_id=clinic_id)


def publish_all(topic: str, about: Iterable[uuid.UUID], *, clinic_id: uuid.UUID) -> None:
    """Tell the screens that show any of several things that they changed, in one statement."""
    whose = {"topic": topic, "clinic": str(clinic_id)}
    payloads = [json.dumps({**whose, "about": str(one)}) for one in about]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, told) FROM unnest(%s::text[]) AS told", [CHANNEL, payloads])


class Hub:
    """One LISTEN connection of this process, shared by all of its streams."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._listeners: dict[_Key, set[asyncio.Queue[Notification]]] = {}
        self._task: asyncio.Task[None] | None = None
        self._listening = False

    async def listen(
        self, *topics: str, clinic_id: uuid.UUID, about: uuid.UUID, beat_seconds: float = 2.0
    ) -> AsyncIterator[Notification | None]:
        """Yield each notification on the topics about one thing, and None as a heartbeat when there is none.

        A screen is woken by what it shows alone, however many others are open. The first notification comes
        as soon as this process listens: what changed between the page and its stream was told to nobody.
        """
        queue: asyncio.Queue[Notification] = asyncio.Queue(maxsize=256)
        keys = [(str(clinic_id), topic, str(about)) for topic in topics]
        for key in keys:
            self._listeners.setdefault(key, set()).add(queue)
            if self._listening:
                queue.put_nowait(Notification(key, look_again=True))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), timeout=beat_seconds)
                except TimeoutError:
                    yield None
        finally:
            for key in keys:
                self._listeners[key].discard(queue)
                if not self._listeners[key]:
                    del self._listeners[key]

    def wake(self, topic: str, *, clinic_id: uuid.UUID, about: uuid.UUID) -> None:
        """Tell the screens that this process shows, as if it had been told."""
        self._hand_out({"clinic": str(clinic_id), "topic": topic, "about": str(about)})

    async def _run(self) -> None:
        """Listen for ever; after a lost connection wake every stream, since some may have been missed."""
        while any(self._listeners.values()):
            try:
                await self._relay()
            except (psycopg.Error, OSError):
                _log.warning("The connection for notifications was lost; connecting again.")
                await asyncio.sleep(1)
                self._wake_all()

    async def _relay(self) -> None:
        """Hand out what comes, and ask now and then whether the server still answers."""
        link = await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, connect_timeout=ANSWER_SECONDS
        )
        try:
            await self._asked(link, f"LISTEN {CHANNEL}")
            self._listening = True
            self._wake_all()
            while any(self._listeners.values()):
                async for note in link.notifies(timeout=QUIET_SECONDS):
                    self._hand_out(json.loads(note.payload))
                await self._asked(link, "SELECT 1")
        finally:
            self._listening = False
            await link.close()

    async def _asked(self, link: psycopg.AsyncConnection[Any], statement: LiteralString) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            await link.execute(statement)

    def _hand_out(self, notification: dict[str, str]) -> None:
        key = (notification["clinic"], notification["topic"], notification.get("about", ""))
        for queue in self._listeners.get(key, ()):
            with suppress(asyncio.QueueFull):
                queue.put_nowait(Notification(key))

    def _wake_all(self) -> None:
        for key, queues in self._listeners.items():
            for queue in queues:
                with suppress(asyncio.QueueFull):
                    queue.put_nowait(Notification(key, look_again=True))


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """This event loop's hub."""
    loop = id(asyncio.get_running_loop())
    if loop not in _hubs:
        _hubs[loop] = Hub(_conninfo())
    return _hubs[loop]


def _conninfo() -> str:
    options = connection.get_connection_params()
    named = {key: options[key] for key in ("dbname", "user", "password", "host", "port") if options.get(key)}
    return psycopg.conninfo.make_conninfo("", **named)
