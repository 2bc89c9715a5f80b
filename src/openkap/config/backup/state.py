"""When the last backup was taken, sent and tried, in a file of the data folder. Times are UTC."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def now() -> datetime:
    """The time in UTC. Django, and its clock, may not be set up here."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class BackupState:
    """What the backup's process wrote last."""

    began: datetime | None = None
    based: datetime | None = None
    base_size: int = 0
    base_seconds: float = 0.0
    sent: datetime | None = None
    failed: str = ""
    drilled: datetime | None = None
    drill_said: str = ""


_MOMENTS = ("began", "based", "sent", "drilled")


def read(data_dir: Path) -> BackupState:
    """What is known; nothing when there is no file, or none that can be read."""
    try:
        told: dict[str, Any] = json.loads((data_dir / "backup" / "state.json").read_text(encoding="utf-8"))
        for name in _MOMENTS:
            told[name] = datetime.fromisoformat(told[name]) if told.get(name) else None
        return BackupState(**told)
    except (OSError, ValueError, TypeError):
        return BackupState()


def write(data_dir: Path, **changed: Any) -> BackupState:
    """Change some of it, in one step."""
    changed_state = replace(read(data_dir), **changed)
    folder = data_dir / "backup"
    folder.mkdir(mode=0o700, exist_ok=True)
    told = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(changed_state).items()
    }
    part = folder / f"state.json.{os.getpid()}"
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(folder / "state.json")
    return changed_state
