"""What goes off this machine arrives whole, and what does not arrive is said."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from openkap.audit.offsite import NotReached, place_at
from tests import s3

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bucket on this machine."""
    with s3.bucket() as settings:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield "s3://bucket/clinic"


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
