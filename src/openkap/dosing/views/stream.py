"""The stream of an open room: the server's time, and the room as it stands whenever it changed.

What is pushed is worked out once for all screens of the session (`pushing`). Where that fails, the screen is
told that something changed, and asks by itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from openkap.accounts.actor import Actor
from openkap.accounts.calls import ClinicRequest
from openkap.accounts.entrance import still_welcome
from openkap.accounts.roles import Role
from openkap.dosing.views import pushing
from openkap.people import queries as people
from openkap.tenancy import notifications, streams
from openkap.tenancy.context import inside
from openkap.tenancy.notifications import Notification
from openkap.ui.outage import LOST
from openkap.watch.actions.locking import TOPIC, VALUES

CHECK_EVERY_SECONDS = 20.0
BEAT_SECONDS = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who listens to which session, as the route admitted them."""

    actor: Actor
    session_key: str
    patient_id: uuid.UUID
    session_id: uuid.UUID
    language: str | None = None
    seen: str = ""


def stream(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Notifications of one session as server-sent events. The route has checked; the stream goes on checking.

    The stream itself is sent from the event loop, and holds neither this thread nor a connection.
    """
    from openkap.watch import queries as watch_queries

    patient_id = watch_queries.PATIENT_OF["session"](session)
    assert patient_id is not None
    watcher = Watcher(
        request.actor,
        request.session.session_key or "",
        patient_id,
        session,
        language=get_language(),
        seen=request.GET.get("seen", ""),
    )
    return streams.hand_over(lambda: events(watcher))


def may_go_on(watcher: Watcher, *, at: datetime) -> bool:
    """Whether the one who listens is still signed in, still works here, and still belongs to this person."""
    actor = watcher.actor
    try:
        if actor.user_id is None or actor.membership_id is None:
            return False
        welcome = still_welcome(
            session_key=watcher.session_key,
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            at=at,
        )
        if not welcome or actor.role == Role.COORDINATOR:
            return welcome
        with inside(actor.clinic_id, user_id=actor.user_id, role=actor.role):
            return people.is_in_care_team(actor, watcher.patient_id)
    finally:
        if not connection.in_atomic_block:
            connection.close()


async def events(watcher: Watcher) -> AsyncIterator[bytes]:
    """A beat every two seconds, the room at every change, and an end when the listener may stay no longer."""
    yield _event("beat")
    actor = watcher.actor
    notes = notifications.hub().listen(
        TOPIC, VALUES, clinic_id=actor.clinic_id, about=watcher.session_id, beat_seconds=BEAT_SECONDS
    )
    watched = (actor.clinic_id, watcher.session_id)
    room = pushing.join(watched, role=actor.role, language=watcher.language, seen=watcher.seen)
    screen = _Screen(watcher, room)
    try:
        async with aclosing(screen.pieces(notes)) as pieces:
            async for piece in pieces:
                yield piece
    finally:
        await notes.aclose()  # type: ignore[attr-defined]
        pushing.leave(room, role=actor.role)


_Answered = tuple[float, bytes]


@dataclass(slots=True)
class _Screen:
    """One open room: when its listener was looked at last, and of which answer it was told (monotonic).

    The answer is waited for aside (`work`): what a monitor sends meanwhile is told as it comes.
    """

    watcher: Watcher
    room: pushing.OpenRoom
    checked: float = field(default_factory=time.monotonic)
    heard_at: float = float("-inf")
    began: float = float("-inf")
    values_began: float = float("-inf")
    work: set[asyncio.Task[_Answered]] = field(default_factory=set)
    closed: bool = False

    async def pieces(self, notes: AsyncIterator[Notification | None]) -> AsyncGenerator[bytes, None]:
        """What the screen is sent, piece by piece, until its listener may stay no longer."""
        heard = asyncio.ensure_future(anext(notes))
        try:
            while not self.closed:
                # a notification comes, or a beat of the stream's own
                await asyncio.wait({heard, *self.work}, return_when=asyncio.FIRST_COMPLETED)
                pieces = [self.answered()]
                if heard.done():
                    note, heard = heard.result(), asyncio.ensure_future(anext(notes))
                    pieces.append(await self.told(note))
                for piece in filter(None, pieces):
                    yield piece
        finally:
            for task in (heard, *self.work):
                task.cancel()
            await asyncio.gather(heard, return_exceptions=True)

    async def told(self, note: Notification | None) -> bytes | None:
        """What the screen is told of a notification, or of none; None where there is no word to say yet."""
        if time.monotonic() - self.checked > CHECK_EVERY_SECONDS:
            welcome = await _welcome(self.watcher)
            if welcome is None:
                return None
            self.checked, self.closed = time.monotonic(), not welcome
        if self.closed:
            return _event("closed")
        if note is None:
            return _event("beat")
        if note.heard_at < self.began:  # the last answer tells of it
            return None
        if note.topic == VALUES:  # where it is not known what changed, the room is looked at as a whole
            return None if note.look_again else await self._values(after=note.heard_at)
        self.heard_at = note.heard_at
        self._ask()
        return None

    def answered(self) -> bytes | None:
        """The answer that was waited for; None while it is worked out. It is asked for again if more came."""
        done = [task for task in self.work if task.done()]
        self.work.difference_update(done)
        piece = None
        for task in done:
            self.began, piece = task.result()
        if done and self.heard_at > self.began:
            self._ask()
        return piece

    def _ask(self) -> None:
        if not self.work:
            self.work.add(asyncio.create_task(_answered(self.room, self.watcher, after=self.heard_at)))

    async def _values(self, *, after: float) -> bytes | None:
        if after < self.values_began:
            return None
        try:
            self.values_began, values = await self.room.values(after=after)
        except Exception:  # noqa: BLE001 - whatever it is, the screen asks by itself and is told why
            _log.exception("New values of a session could not be pushed; its screens ask for them.")
            return _event("changed")
        return None if values is None else b"event: values\ndata: " + values + b"\n\n"


async def _welcome(watcher: Watcher) -> bool | None:
    """Whether the one who listens may stay; None where the record does not answer.

    Then no word is sent: a room whose record does not answer must not call itself live.
    """
    try:
        return await sync_to_async(may_go_on, thread_sensitive=False)(watcher, at=timezone.now())
    except LOST:
        return None


async def _answered(room: pushing.OpenRoom, watcher: Watcher, *, after: float) -> _Answered:
    """The room as it stood at a moment after this, and which; or only that it changed."""
    try:
        began, answer = await room.answer(watcher.actor.role, after=after)
    except Exception:  # noqa: BLE001 - whatever it is, the screen asks by itself and is told why
        _log.exception("What changed in a session could not be pushed; its screens ask for it.")
        return after, _event("changed")
    return began, b"event: answer\ndata: " + answer + b"\n\n"


def _event(kind: str) -> bytes:
    body = json.dumps({"at": timezone.now().isoformat()})
    return f"event: {kind}\ndata: {body}\n\n".encode()
