"""What is sent is bounded before anything of it is kept: Django alone would write any body to a file first.

Nobody sends more than `SMALL_MAX` bytes, except to a URL that says how much it takes (`body_max`), and
then only who is signed in. What is too large is read and dropped, so that the browser hears the answer; the
request goes on without its body, and `middleware.bounded` says what was wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import parse_cookie
from django.urls import Resolver404, resolve

from openkap.ui.outage import LOST

SMALL_MAX: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
DROPPED_MAX = 64_000_000
DROPPED_WITHIN_SECONDS = 60
LIMIT = "openkap.limit"
NOT_KNOWN = 0  # the database did not answer: a person cannot be told from a stranger
BODY_HEADERS = (b"content-length", b"content-type", b"transfer-encoding")
Message = Mapping[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Bodies:
    """Hands a request on whole when it is small enough, and without its body when it is not."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        size = _declared(scope)
        limit = SMALL_MAX if size <= SMALL_MAX else await _limit(scope)
        pieces: list[bytes] = []
        more, read = True, 0
        while more and size <= limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
            read += len(pieces[-1])
            size = max(size, read)
            if size > limit == SMALL_MAX:
                limit = await _limit(scope)
        if size > limit:
            pieces.clear()
            await _drop(receive, more=more)
            kept = [(name, value) for name, value in scope["headers"] if name.lower() not in BODY_HEADERS]
            scope = {**scope, "headers": kept, LIMIT: limit}
        await self._app(scope, _again(pieces, receive), send)


def _declared(scope: Scope) -> int:
    """The size the request says it has; 0 where it does not say."""
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() else 0


async def _limit(scope: Scope) -> int:
    """How much this request may send; asked only of one that is larger than `SMALL_MAX`."""
    try:
        takes = int(getattr(resolve(scope["path"]).func, "body_max", SMALL_MAX))
    except Resolver404:
        takes = SMALL_MAX
    if takes <= SMALL_MAX:
        return SMALL_MAX
    try:
        return takes if await asyncio.to_thread(_is_signed_in, scope) else SMALL_MAX
    except LOST:
        return NOT_KNOWN


def _is_signed_in(scope: Scope) -> bool:
    cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return False
    try:
        store = import_module(settings.SESSION_ENGINE).SessionStore(key)
        return SESSION_KEY in store
    finally:
        connection.close()


async def _drop(receive: Receive, *, more: bool) -> None:
    """Read what is left, within bounds, and keep nothing of it."""
    left = DROPPED_MAX
    with suppress(TimeoutError):
        async with asyncio.timeout(DROPPED_WITHIN_SECONDS):
            while more and left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                more = message["type"] == "http.request" and message.get("more_body", False)


def _again(pieces: list[bytes], receive: Receive) -> Receive:
    """The body once more, for the application; after it, only that the other side has gone."""
    waiting: list[Message] = [{"type": "http.request", "body": b"".join(pieces), "more_body": False}]

    async def given() -> Message:
        if waiting:
            return waiting.pop()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return message

    return given
