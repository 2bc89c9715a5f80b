"""What of the data folder goes into a backup: the keys, the checkpoints, and whatever else is kept there.

Everything does, unless it is named here. The database has its own backup; the key of the vault of
psychotherapy notes is kept apart from the notes, so no backup has both.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from openkap.config.backup.sealing import BadBackup

KEPT_DOTTED = frozenset({".sent", ".begins"})
KEPT_APART = frozenset({"vault.key"})
NOT_KEPT = KEPT_APART | {"postgres", "postgres.log", "serving", "backup", "demo", "mail"}


def files(data_dir: Path) -> Iterator[Path]:
    """The files that are kept, by their path from the data folder."""
    for path in sorted(data_dir.rglob("*")):
        below = path.relative_to(data_dir)
        if below.parts[0] in NOT_KEPT or (path.name.startswith(".") and path.name not in KEPT_DOTTED):
            continue
        if path.is_file() and not path.is_symlink():
            yield below


def mark(data_dir: Path) -> str:
    """Changes when a kept file does."""
    told = hashlib.sha256()
    for below in files(data_dir):
        stat = (data_dir / below).stat()
        told.update(f"{below}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return told.hexdigest()


def packed(data_dir: Path) -> bytes:
    """The kept files as a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for below in files(data_dir):
            archive.add(data_dir / below, arcname=str(below), recursive=False)
    return out.getvalue()


def unpack(content: bytes, into: Path, *, anew: bool) -> int:
    """Put the kept files back; only those that are not there when `anew` is false. Returns how many."""
    count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for it in (it for it in archive if it.isfile() and (anew or not (into / it.name).exists())):
                archive.extract(it, into, filter="data")
                count += 1
    except (tarfile.TarError, OSError) as error:
        raise BadBackup(f"The files of the data folder cannot be put back: {error}.") from error
    return count
