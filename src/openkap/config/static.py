"""Styles, scripts and fonts from memory: read once, checked for change, never by a path someone sends.

What is served is a fixed list of names made from the rooms' static folders, so that no request can
reach a file outside it.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}


@dataclass(slots=True)
class Kept:
    """One file in memory."""

    path: Path
    changed: float
    body: bytes
    tag: bytes
    kind: bytes

    @classmethod
    def read(cls, path: Path) -> Kept:
        """Read a file with what a browser has to know of it."""
        body = path.read_bytes()
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        return cls(path, path.stat().st_mtime, body, tag.encode(), kind.encode())

    def fresh(self) -> Kept:
        """Itself, or read anew when the file has changed."""
        return self if self.path.stat().st_mtime == self.changed else Kept.read(self.path)


def _listed() -> dict[str, Path]:
    return {
        name: Path(storage.path(name))
        for finder in finders.get_finders()
        for name, storage in finder.list([])
    }


class Static:
    """Answers what lies under STATIC_URL, and hands everything else on."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._paths = _listed()
        self._kept: dict[str, Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(settings.STATIC_URL):
            await self._app(scope, receive, send)
            return
        name = scope["path"].removeprefix(settings.STATIC_URL)
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, headers=[(b"allow", b"GET, HEAD")])
        elif name not in self._paths:
            await _answer(send, 404, headers=[])
        else:
            await self._serve(name, scope, send=send)

    async def _serve(self, name: str, scope: Scope, *, send: Send) -> None:
        kept = self._kept[name].fresh() if name in self._kept else Kept.read(self._paths[name])
        self._kept[name] = kept
        headers = [
            (b"etag", kept.tag),
            (b"cache-control", b"no-cache"),
            (b"content-type", kept.kind),
            (b"x-content-type-options", b"nosniff"),
        ]
        if (b"if-none-match", kept.tag) in scope["headers"]:
            await _answer(send, 304, headers=headers)
            return
        headers.append((b"content-length", str(len(kept.body)).encode()))
        await _answer(send, 200, headers=headers, body=b"" if scope["method"] == "HEAD" else kept.body)


async def _answer(send: Send, status: int, *, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
