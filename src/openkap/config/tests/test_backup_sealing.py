"""What was encrypted comes back whole or not at all; a file that is not as written is named (H43)."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from openkap.config.backup import dump, manifest, sealing
from openkap.config.backup.sealing import BadBackup
from openkap.config.environment import BadSetting, read

CONTENT = bytes(range(256)) * 2000


@pytest.fixture
def pair() -> tuple[str, str]:
    return sealing.new_pair()


def _read(path: Path, secret: str) -> bytes:
    reader = sealing.Unsealing(path, sealing.identities(secret))
    content = b""
    while piece := reader.read(10_000):
        content += piece
    reader.close()
    return content


def test_each_of_several_keys_opens_it_and_no_other(tmp_path: Path, pair: tuple[str, str]) -> None:
    other, stranger = sealing.new_pair(), sealing.new_pair()
    path = tmp_path / "x.age"
    sealing.seal(io.BytesIO(CONTENT), path, to=sealing.recipients(f"{pair[1]}, {other[1]}"))
    assert CONTENT[:64] not in path.read_bytes()
    assert _read(path, pair[0]) == CONTENT
    assert _read(path, f"# safe\n{other[0]}\n") == CONTENT
    with pytest.raises(BadBackup, match=r"does not open x\.age"):
        _read(path, stranger[0])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: content[:-1], "damaged or cut short"),
        (lambda content: content[: len(content) // 2], "damaged or cut short"),
        (
            lambda content: content[:1000] + bytes([content[1000] ^ 1]) + content[1001:],
            "damaged or cut short",
        ),
        (lambda content: content[:65_736], "damaged or cut short"),
        (lambda content: b"", "no encrypted backup"),
        (lambda content: b"PK" + content, "no encrypted backup"),
    ],
)
def test_what_is_not_whole_is_never_taken_for_whole(
    tmp_path: Path, pair: tuple[str, str], spoil: Callable[[bytes], bytes], said: str
) -> None:
    path = tmp_path / "x.age"
    sealing.seal(io.BytesIO(CONTENT), path, to=sealing.recipients(pair[1]))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(BadBackup, match=said):
        _read(path, pair[0])
    whole = sealing.sealed(os.urandom(100_000), sealing.recipients(pair[1]))
    with pytest.raises(BadBackup):
        sealing.opened(spoil(whole), sealing.identities(pair[0]), name="x")


def test_a_key_that_is_none_is_a_sentence(pair: tuple[str, str]) -> None:
    with pytest.raises(BadSetting, match="no public key of age"):
        sealing.recipients(pair[0])
    for text in (pair[1], "", "# nothing", "hello"):
        with pytest.raises(BadBackup, match="recovery key"):
            sealing.identities(text)


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """Two files and the manifest PostgreSQL would write for them."""
    files = {"PG_VERSION": b"18\n", "base/1/2": b"rows"}
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    listed = [
        {"Path": name, "Size": len(content), "Checksum": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]
    head = json.dumps({"PostgreSQL-Backup-Manifest-Version": 2, "Files": listed})[:-1] + ",\n"
    own = hashlib.sha256(head.encode()).hexdigest()
    (tmp_path / "backup_manifest").write_text(f'{head}"Manifest-Checksum": "{own}"}}\n')
    return tmp_path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: None, ""),
        (lambda it: (it / "base/1/2").write_bytes(b"r0ws"), "is not as it was written"),
        (lambda it: (it / "base/1/2").write_bytes(b"row"), "has 3 bytes, not 4"),
        (lambda it: (it / "base/1/2").unlink(), "is missing"),
        (lambda it: (it / "base/1/3").write_bytes(b""), "was not part of the backup"),
        (lambda it: (it / "backup_manifest").unlink(), "cannot be read"),
        (
            lambda it: (it / "backup_manifest").write_text(
                (it / "backup_manifest").read_text().replace('"Size": 4', '"Size": 5')
            ),
            "does not agree with itself",
        ),
    ],
)
def test_every_file_of_a_base_backup_is_held_against_its_manifest(
    cluster: Path, change: Callable[[Path], object], said: str
) -> None:
    change(cluster)
    found = manifest.problems(cluster)
    assert said in " ".join(found)
    assert bool(found) is bool(said)


def test_no_program_of_postgresql_has_a_password_on_its_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody on the machine can read it there."""
    started: list[tuple[list[str], dict[str, str]]] = []

    def popen(command: list[str], **more: object) -> None:
        started.append((command, dict(more["env"])))  # type: ignore[call-overload]
        raise OSError("enough is known")

    monkeypatch.setattr(dump.subprocess, "Popen", popen)
    url = "postgresql://keeper:h%20ush@/clinic?host=/nowhere"
    env = read({"OPENKAP_DATA_DIR": str(tmp_path), "OPENKAP_BACKUP_DATABASE_URL": url})
    with pytest.raises(OSError, match="enough"):
        dump._dump(env, tmp_path / "x", to=[], snapshot="1")
    ((command, around),) = started
    assert not any("ush" in word for word in command)
    assert around["PGPASSWORD"] == "h ush"
