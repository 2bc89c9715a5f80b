"""As much of an S3-compatible store as a bucket needs, on loopback, in memory."""

from __future__ import annotations

import http.server
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager


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
        """A large object comes in parts: begun, sent part by part, put together. Or objects are removed."""
        asked = urllib.parse.urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("content-length", 0)))
        if asked.query.startswith("delete"):
            keys = re.findall(r"<Key>(.*?)</Key>", content.decode())
            for key in keys:
                self.kept.pop(f"/bucket/{key}", None)
            rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            self._answer(200, f"<DeleteResult>{rows}</DeleteResult>".encode())
            return
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
            self._answer_with(self.kept[asked.path])
        else:
            self._answer(404)

    def _answer_with(self, content: bytes) -> None:
        """All of it, or the piece that is asked for."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        if asked is None:
            self._answer(200, content)
            return
        first, last = int(asked[1]), min(int(asked[2]), len(content) - 1)
        self._answer(206, content[first : last + 1], f"bytes {first}-{last}/{len(content)}")

    def do_HEAD(self) -> None:
        content = self.kept.get(urllib.parse.urlsplit(self.path).path)
        self._answer(404 if content is None else 200, length=len(content or b""))

    def _answer(self, status: int, body: bytes = b"", piece: str = "", *, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Wed, 25 Nov 2026 10:00:00 GMT")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if piece:
            self.send_header("Content-Range", piece)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told: object) -> None:
        """Nothing."""


@contextmanager
def bucket() -> Iterator[dict[str, str]]:
    """The settings with which `s3://bucket/…` is a bucket on this machine."""
    Store.kept = {}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield {
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_REGION": "eu-west-1",
            "AWS_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "AWS_ALLOW_HTTP": "true",
        }
    finally:
        server.shutdown()
        server.server_close()
