"""Styles and scripts: what is listed is served, kept by the browser for good, and no path leads out."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string

from openkap.config import static
from openkap.config.static import Static

SHEET = "ui/build/page.css"


def _ask(path: str, *, method: str = "GET", headers: tuple = ()) -> tuple[int, dict[bytes, bytes], bytes]:
    async def behind(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"behind"})

    return _answered(Static(behind), path, method=method, headers=headers)


def _answered(app: Static, path: str, *, method: str = "GET", headers: tuple = ()) -> tuple[int, dict, bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": method, "headers": list(headers)}
    asyncio.run(app(scope, None, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def _accepting(encodings: bytes) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"accept-encoding", encodings),)


def test_a_file_named_by_its_content_is_kept_for_good():
    status, headers, body = _ask(staticfiles_storage.url(SHEET))
    assert (status, headers[b"content-type"]) == (200, b"text/css; charset=utf-8")
    assert headers[b"cache-control"] == b"public, max-age=31536000, immutable"
    assert b"--ground" in body
    assert _ask(staticfiles_storage.url(SHEET), method="HEAD")[2] == b""


def test_a_file_with_a_lasting_name_is_asked_for_again_and_then_known():
    status, headers, body = _ask("/static/ui/build/manifest.json")
    assert (status, headers[b"cache-control"], body[:1]) == (200, b"no-cache", b"{")
    again = _ask("/static/ui/build/manifest.json", headers=((b"if-none-match", headers[b"etag"]),))
    assert again[0::2] == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "used"),
    [
        (b"gzip, deflate, br, zstd", b"br"),
        (b"GZIP", b"gzip"),
        (b"br;q=0, gzip;q=0.5", b"gzip"),
        (b"br; q=0.000", None),
        (b"identity", None),
        (b"", None),
    ],
)
def test_a_browser_gets_what_it_can_read(accepted, used):
    """A compressed answer is smaller, says what it is, and has a tag of its own."""
    _, plain_headers, plain = _ask(staticfiles_storage.url(SHEET))
    _, headers, body = _ask(staticfiles_storage.url(SHEET), headers=_accepting(accepted))
    assert headers.get(b"content-encoding") == used
    assert headers[b"vary"] == b"accept-encoding"
    assert int(headers[b"content-length"]) == len(body)
    if used is None:
        assert body == plain
    else:
        assert len(body) < len(plain) / 3
        assert headers[b"etag"] != plain_headers[b"etag"]
    if used == b"gzip":
        assert gzip.decompress(body) == plain


def test_what_is_compressed_already_is_sent_as_it_is():
    [font, *_] = [name for name in static._listed() if name.endswith(".woff2")]
    _, headers, body = _ask("/static/" + font, headers=_accepting(b"br"))
    assert b"content-encoding" not in headers
    assert (headers[b"cache-control"], body[:4]) == (static.A_YEAR, b"wOF2")


def test_the_compressed_files_and_the_hidden_ones_have_no_address():
    names = static._listed()
    assert [n for n in names if n.endswith((".br", ".gz")) or "/." in n] == []


def test_a_front_end_built_anew_is_served_by_a_site_that_runs(tmp_path, monkeypatch):
    """Whoever edits a style sheet builds it and looks; nothing is started again."""
    site = Static(None)
    new = tmp_path / "page-ABCDEFGH.css"
    new.write_text("body { color: red }")
    path = "/static/ui/build/page-ABCDEFGH.css"
    assert _answered(site, path)[0] == 404
    monkeypatch.setattr(static, "_built", lambda: {"page.css": new.name})
    listed = static._listed()
    monkeypatch.setattr(static, "_listed", lambda: {**listed, "ui/build/" + new.name: new})
    assert _answered(site, path)[2] == b"body { color: red }"


def test_a_file_changed_on_the_disk_is_read_anew(tmp_path):
    place = tmp_path / "some.txt"
    place.write_text("one")
    kept = static.Kept.read(place)
    assert kept.fresh() is kept
    place.write_text("two")
    kept.changed -= 1
    assert kept.fresh().bodies[b""] == b"two"


def test_a_template_that_names_what_is_not_there_is_an_error_and_no_dead_link():
    for name in ("ui/build/none.css", "ui/none.svg", "", None):
        with pytest.raises(ValueError, match="no static file"):
            staticfiles_storage.url(name)


def test_a_site_without_its_front_end_says_how_to_build_it(monkeypatch):
    monkeypatch.setattr(finders, "find", lambda name: None)
    with pytest.raises(ValueError, match="make front"):
        staticfiles_storage.url(SHEET)


@pytest.mark.parametrize("template", ["ui/page.html", "ui/room.html", "ui/bare.html"])
def test_a_page_loads_one_style_sheet_and_one_script(template):
    page = render_to_string(template)
    assert (page.count('rel="stylesheet"'), page.count("<script")) == (1, 1)


def test_everything_the_front_end_names_stands_on_the_disk():
    folder = Path(finders.find("ui/build/manifest.json")).parent
    assert [name for name in static._built().values() if not (folder / name).is_file()] == []


@pytest.mark.parametrize(
    "path", ["/static/../config/keys.py", "/static//etc/passwd", "/static/ui/", "/static/ui/%2e%2e/apps.py"]
)
def test_no_path_leads_out(path):
    assert _ask(path)[0] == 404


def test_nothing_is_written_there_and_the_rest_goes_on():
    assert _ask("/static/ui/build/manifest.json", method="POST")[0] == 405
    assert _ask("/patients/")[0] == 299
