"""Styles, scripts and fonts: named by their content, compressed when built, kept in memory.

A browser that has a file never asks for it again, because a file that changes has another name. What is
served is a fixed list of names made from the apps' static folders, so that no request can reach a file
outside it.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
BUILT = "ui/build/"
ENCODINGS = {b"br": ".br", b"gzip": ".gz"}  # the smaller first
HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+$")  # as the front end's build names what it made
A_YEAR = b"public, max-age=31536000, immutable"


@dataclass(slots=True)
class Kept:
    """One file in memory, as it is and compressed."""

    path: Path
    changed: float
    tag: str
    kind: bytes
    bodies: Mapping[bytes, bytes]

    @classmethod
    def read(cls, path: Path) -> Kept:
        """Read a file, what stands compressed beside it, and what a browser has to know of it."""
        body = path.read_bytes()
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        beside = {name: path.with_name(path.name + ending) for name, ending in ENCODINGS.items()}
        bodies = {name: other.read_bytes() for name, other in beside.items() if other.is_file()}
        tag = hashlib.sha256(body).hexdigest()[:20]
        return cls(path, path.stat().st_mtime, tag, kind.encode(), {**bodies, b"": body})

    def fresh(self) -> Kept:
        """Itself, or read anew when the file has changed."""
        return self if self.path.stat().st_mtime == self.changed else Kept.read(self.path)

    def encoding(self, accepted: bytes) -> bytes:
        """The best encoding that the browser takes, empty for none."""
        offers = [offer.replace(b" ", b"").partition(b";") for offer in accepted.lower().split(b",")]
        refused = re.compile(rb"q=0(\.0*)?")
        taken = {name for name, _, quality in offers if not refused.fullmatch(quality)}
        return next((name for name in ENCODINGS if name in taken and name in self.bodies), b"")


def _listed() -> dict[str, Path]:
    return {
        name: Path(storage.path(name))
        for finder in finders.get_finders()
        for name, storage in finder.list([])
        if not name.endswith(tuple(ENCODINGS.values())) and not Path(name).name.startswith(".")
    }


class Assets(StaticFilesStorage):
    """What a template calls `ui/build/page.css` is the file that the build named by its content."""

    def url(self, name: str | None) -> str:
        """Where a browser finds a file.

        Raises:
            ValueError: there is no such file; a page with a dead link is worse than an error in a test.
        """
        wanted = name or ""
        if wanted.startswith(BUILT):
            wanted = BUILT + _built().get(wanted.removeprefix(BUILT), "")
        place = finders.find(wanted)
        if not place or not Path(place).is_file():
            raise ValueError(f"There is no static file named {name}.")
        return super().url(wanted)


def _built() -> dict[str, str]:
    manifest = finders.find(BUILT + "manifest.json")
    if not manifest:
        raise ValueError("The front end is not built: make front.")
    path = Path(manifest)
    changed = path.stat().st_mtime
    if changed not in _names:
        _names.clear()
        _names[changed] = json.loads(path.read_text())
    return _names[changed]


_names: dict[float, dict[str, str]] = {}  # of the newest build


class Static:
    """Answers what lies under STATIC_URL, and hands everything else on."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._paths, self._built = _listed(), _built()
        self._kept: dict[str, Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(settings.STATIC_URL):
            await self._app(scope, receive, send)
            return
        name = scope["path"].removeprefix(settings.STATIC_URL)
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, headers=[(b"allow", b"GET, HEAD")])
            return
        if name not in self._paths and _built() != self._built:
            self._paths, self._built = _listed(), _built()  # built anew while the site runs
        if name not in self._paths:
            await _answer(send, 404, headers=[])
        else:
            await self._serve(name, scope, send=send)

    async def _serve(self, name: str, scope: Scope, *, send: Send) -> None:
        kept = self._kept[name].fresh() if name in self._kept else Kept.read(self._paths[name])
        self._kept[name] = kept
        asked = dict(scope["headers"])
        encoding = kept.encoding(asked.get(b"accept-encoding", b""))
        tag = f'"{kept.tag}{"-" if encoding else ""}{encoding.decode()}"'.encode()
        headers = [
            (b"etag", tag),
            (b"cache-control", A_YEAR if HASHED.search(name) else b"no-cache"),
            (b"content-type", kept.kind),
            (b"vary", b"accept-encoding"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if asked.get(b"if-none-match") == tag:
            await _answer(send, 304, headers=headers)
            return
        body = kept.bodies[encoding]
        headers += [(b"content-length", str(len(body)).encode())]
        headers += [(b"content-encoding", encoding)] if encoding else []
        await _answer(send, 200, headers=headers, body=b"" if scope["method"] == "HEAD" else body)


async def _answer(send: Send, status: int, *, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
