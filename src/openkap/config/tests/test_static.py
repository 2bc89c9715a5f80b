"""Styles and scripts: what is listed is served, and no path leads out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from openkap.config.static import Static


def _ask(path: str, *, method: str = "GET", headers: tuple = ()) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[dict[str, Any]] = []

    async def behind(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"behind"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": method, "headers": list(headers)}
    asyncio.run(Static(behind)(scope, None, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_a_style_is_served_once_and_then_known():
    status, headers, body = _ask("/static/ui/tokens.css")
    assert (status, headers[b"content-type"]) == (200, b"text/css; charset=utf-8")
    assert b"--ground" in body
    again = _ask("/static/ui/tokens.css", headers=((b"if-none-match", headers[b"etag"]),))
    assert again[0::2] == (304, b"")
    assert _ask("/static/ui/tokens.css", method="HEAD")[2] == b""


@pytest.mark.parametrize(
    "path", ["/static/../config/keys.py", "/static//etc/passwd", "/static/ui/", "/static/ui/%2e%2e/apps.py"]
)
def test_no_path_leads_out(path):
    assert _ask(path)[0] == 404


def test_nothing_is_written_there_and_the_rest_goes_on():
    assert _ask("/static/ui/tokens.css", method="POST")[0] == 405
    assert _ask("/patients/")[0] == 299
