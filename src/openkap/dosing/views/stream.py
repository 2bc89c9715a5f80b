"""The stream that tells an open room when to look again. It carries the server's time, never a value."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.accounts.calls import ClinicRequest
from openkap.accounts.entrance import still_welcome
from openkap.accounts.roles import Role
from openkap.people import queries as people
from openkap.tenancy import notifications, streams
from openkap.tenancy.context import inside
from openkap.ui.outage import LOST
from openkap.watch.actions.locking import TOPIC

CHECK_EVERY_SECONDS = 20.0
BEAT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who listens to which session, as the route admitted them."""

    actor: Actor
    session_key: str
    patient_id: uuid.UUID
    session_id: uuid.UUID


def stream(request: ClinicRequest, session: uuid.UUID) -> HttpResponse:
    """Notifications of one session as server-sent events. The route has checked; the stream goes on checking.

    The stream itself is sent from the event loop, and holds neither this thread nor a connection.
    """
    from openkap.watch import queries as watch_queries

    patient_id = watch_queries.PATIENT_OF["session"](session)
    assert patient_id is not None
    watcher = Watcher(request.actor, request.session.session_key or "", patient_id, session)
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
    """A beat every two seconds, a word at every change, and an end when the listener may stay no longer."""
    checked = time.monotonic()
    yield _event("beat")
    async for note in notifications.hub().listen(
        TOPIC, clinic_id=watcher.actor.clinic_id, about=watcher.session_id, beat_seconds=BEAT_SECONDS
    ):
        if time.monotonic() - checked > CHECK_EVERY_SECONDS:
            try:
                welcome = await sync_to_async(may_go_on, thread_sensitive=False)(watcher, at=timezone.now())
            except LOST:  # no word: a room whose record does not answer must not call itself live
                continue
            checked = time.monotonic()
            if not welcome:
                yield _event("closed")
                return
        yield _event("beat" if note is None else "changed")


def _event(kind: str) -> bytes:
    body = json.dumps({"at": timezone.now().isoformat()})
    return f"event: {kind}\ndata: {body}\n\n".encode()
