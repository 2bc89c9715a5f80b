"""Long answers that hold nothing: no database connection, no thread, while a screen stays open.

A guarded view answers like any other, and names a stream in a header of that answer. Django's part of
the request ends there; its thread and its connection are free again. What follows is sent from the event loop
by `Streams`, which stands in front of Django and takes the header away.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from django.http import HttpResponse

HEADER = "X-OpenKAP-Stream"
Make = Callable[[], AsyncIterator[bytes]]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
_handed_over: dict[str, Make] = {}


def hand_over(make: Make, *, content_type: str = "text/event-stream") -> HttpResponse:
    """The answer of a view that opens a stream. Only this process can follow the name in its header."""
    key = secrets.token_urlsafe(16)
    _handed_over[key] = make
    headers = {HEADER: key, "X-Accel-Buffering": "no"}
    response = HttpResponse(content_type=content_type, headers=headers)
    response["Cache-Control"] = "no-store"
    return response


def taken(key: str) -> Make | None:
    """What was handed over under this name; it is there once."""
    return _handed_over.pop(key, None)


class Streams:
    """Sends the streams that views of the application behind it have handed over."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[tuple[Mapping[str, Any], Make]] = []

        async def answer(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                make = _named(message)
                if make is not None:
                    held.append((message, make))
                    return
            if not held:
                await send(message)

        await self._app(scope, receive, answer)
        for start, make in held:
            await send({**start, "headers": _for_a_stream(start["headers"])})
            await _sent(make(), receive, send=send)


def _named(start: Mapping[str, Any]) -> Make | None:
    names = dict(start["headers"])
    key = names.get(HEADER.lower().encode()) or names.get(HEADER.encode())
    return taken(key.decode()) if key else None


def _for_a_stream(headers: Any) -> list[tuple[bytes, bytes]]:
    gone = (HEADER.lower().encode(), b"content-length")
    return [(name, value) for name, value in headers if name.lower() not in gone]


async def _sent(pieces: AsyncIterator[bytes], receive: Receive, *, send: Send) -> None:
    """Send piece by piece until it ends, or until the one who listens has gone."""

    async def pump() -> None:
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = {asyncio.create_task(pump()), asyncio.create_task(gone())}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(RuntimeError):
            await pieces.aclose()  # type: ignore[attr-defined]
