"""Whether an unpacked base backup is what PostgreSQL wrote: every file against its manifest.

The manifest (PostgreSQL, "Backup Manifest Format") names each file with its size and SHA-256, and ends with
its own. PostgreSQL's `pg_verifybackup` does the same; that of the wheel ends with a segmentation fault
(adr/0017).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

NOT_LISTED = ("backup_manifest", "pg_wal", "postgresql.auto.conf")


def problems(cluster: Path) -> list[str]:
    """What does not agree, each in a sentence; none when all does."""
    try:
        text = (cluster / "backup_manifest").read_bytes()
        told = json.loads(text)
        own = text[: text.rindex(b'"Manifest-Checksum"')]
        if hashlib.sha256(own).hexdigest() != told["Manifest-Checksum"]:
            return ["The manifest does not agree with itself."]
        listed = {str(it["Path"]): (int(it["Size"]), str(it["Checksum"])) for it in told["Files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"Its manifest cannot be read: {error}."]
    faults = []
    for name, (size, checksum) in listed.items():
        path = cluster / name
        if not path.is_file():
            faults.append(f"{name} is missing.")
        elif path.stat().st_size != size:
            faults.append(f"{name} has {path.stat().st_size} bytes, not {size}.")
        elif _sha256(path) != checksum:
            faults.append(f"{name} is not as it was written.")
    there = {str(path.relative_to(cluster)) for path in cluster.rglob("*") if path.is_file()}
    extra = sorted(name for name in there - listed.keys() if not name.startswith(NOT_LISTED))
    return faults + [f"{name} was not part of the backup." for name in extra]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
