"""What goes off this machine arrives whole, and what does not arrive is said."""

from __future__ import annotations

import http.server
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from openkap.audit.offsite import NotReached, place_at

pytestmark = pytest.mark.enable_socket


class Store(http.server.BaseHTTPRequestHandler):
    """As much of an S3-compatible store as a bucket needs."""

    protocol_version = "HTTP/1.1"
    kept: dict[str, bytes]
    parts: dict[int, bytes] = {}

    def do_PUT(self) -> None:
        asked = urllib.parse.urlsplit(self.path)
        part = urllib.parse.parse_qs(asked.query).get("partNumber")
        content = self.rfile.read(int(self.headers["content-length"]))
        if part:
            self.parts[int(part[0])] = content
        else:
            self.kept[asked.path] = content
        self._answer(200)

    def do_POST(self) -> None:
        """A large object comes in parts: begun, sent part by part, put together."""
        asked = urllib.parse.urlsplit(self.path)
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if asked.query.startswith("uploads"):
            self.parts.clear()
            told = "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>"
        else:
            self.kept[asked.path] = b"".join(content for _, content in sorted(self.parts.items()))
            told = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
        self._answer(200, told.encode())

    def do_GET(self) -> None:
        asked = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(asked.query)
        if "list-type" in query:
            start = query.get("prefix", [""])[0]
            names = [name.removeprefix("/bucket/") for name in sorted(self.kept)]
            rows = "".join(
                f"<Contents><Key>{name}</Key><Size>{len(self.kept['/bucket/' + name])}</Size>"
                "<LastModified>2026-11-25T10:00:00.000Z</LastModified></Contents>"
                for name in names
                if name.startswith(start)
            )
            self._answer(200, f"<ListBucketResult><KeyCount>1</KeyCount>{rows}</ListBucketResult>".encode())
        elif asked.path in self.kept:
            self._answer(200, self.kept[asked.path])
        else:
            self._answer(404)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Wed, 25 Nov 2026 10:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told: object) -> None:
        """Nothing."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bucket on this machine."""
    Store.kept = {}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    yield "s3://bucket/clinic"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_what_is_put_is_found_again_by_its_name(kind: str, bucket: str, tmp_path: Path) -> None:
    place = place_at(f"folder://{tmp_path}/deep" if kind == "folder" else bucket)
    assert place.names("a-") == []
    contents = {"a-2": b"two", "a-1": bytes(range(256)) * 50_000, "b-1": b""}
    for name, content in contents.items():
        place.put(name, content)
    place.put("a-2", b"TWO")
    assert place.names("a-") == ["a-1", "a-2"]
    assert [place.get(name) for name in ("a-1", "a-2", "b-1")] == [contents["a-1"], b"TWO", b""]
    with pytest.raises(NotReached):
        place.get("a-3")


def test_a_place_that_cannot_be_used_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    for url in (f"folder://{file}", "s3://bucket/x", f"syslog://127.0.0.1:{port}"):
        with pytest.raises(NotReached) as said:
            place_at(url).put("name", b"text")
        assert "\n" not in str(said.value)


def test_a_log_server_is_told_one_line_by_the_standard() -> None:
    """RFC 5424: priority, version, time, host, application, process, message id, no structured data."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard: list[bytes] = []

        def listen() -> None:
            link, _ = server.accept()
            with link:
                while more := link.recv(65_536):
                    heard.append(more)

        listener = threading.Thread(target=listen)
        listener.start()
        place_at(f"syslog://127.0.0.1:{server.getsockname()[1]}").put("checkpoint-1", b'{"a":\n1}')
        listener.join(timeout=30)
    said = b"".join(heard).decode()
    assert said.startswith("<85>1 20")
    assert said.endswith(' openkap - checkpoint-1 - {"a": 1}\n')
    assert said.count("\n") == 1
