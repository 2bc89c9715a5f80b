"""Where backups go: files of any size arrive whole, come back whole, and what does not is said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from openkap.audit.offsite import PIECE, NotReached
from openkap.config.backup.places import Within, files_at
from tests import s3

pytestmark = pytest.mark.enable_socket
SEND = """#!/bin/sh
set -e
cd "$(dirname "$0")/kept"
case "$1" in
  put) mkdir -p "$(dirname "$2")"; cat > "$2" ;;
  get) cat "$2" ;;
  list) find . -type f | cut -c3- ;;
  remove) rm "$2" ;;
esac
"""


@pytest.fixture(params=["folder", "s3", "command"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address of each kind."""
    if request.param == "s3":
        with s3.bucket() as settings:
            for name, value in settings.items():
                monkeypatch.setenv(name, value)
            yield "s3://bucket/clinic"
        return
    (tmp_path / "kept").mkdir()
    send = tmp_path / "send"
    send.write_text(SEND)
    send.chmod(0o755)
    yield f"folder://{tmp_path / 'kept'}" if request.param == "folder" else f"command://{send}"


def test_files_come_back_as_they_went(url: str, tmp_path: Path) -> None:
    place = Within(files_at(url), "cluster-1/")
    assert place.names() == []
    source, back = tmp_path / "source", tmp_path / "back"
    for size in (0, 1, PIECE, PIECE * 2 + 17):
        source.write_bytes(os.urandom(size))
        place.put_file(f"base/x/{size}", source)
        place.get_file(f"base/x/{size}", back)
        assert back.read_bytes() == source.read_bytes()
    place.put("log/1", b"one")
    Within(files_at(url), "cluster-2/").put("log/2", b"another's")
    assert place.get("log/1") == b"one"
    assert place.names("log/") == ["log/1"]
    assert len(place.names()) == 5
    place.remove("log/1")
    assert place.names("log/") == []


def test_what_is_not_there_is_said(url: str, tmp_path: Path) -> None:
    place = Within(files_at(url), "cluster-1/")
    for fetch in (place.get, lambda name: place.get_file(name, tmp_path / "x")):
        with pytest.raises(NotReached) as said:
            fetch("base/nothing")
        assert "\n" not in str(said.value)


def test_a_command_that_fails_or_is_not_there_is_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("#!/bin/sh\necho the tape is full >&2\nexit 3\n")
    bad.chmod(0o755)
    with pytest.raises(NotReached, match="ended with 3: the tape is full"):
        files_at(f"command://{bad}").put("x", os.urandom(300_000))
    with pytest.raises(NotReached, match="cannot be run"):
        files_at("command:///nowhere/send").names("")
