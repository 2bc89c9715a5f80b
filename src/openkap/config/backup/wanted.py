"""What is to be restored: which installation of a place, which of its base backups, and into what folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openkap import __version__
from openkap.config.backup import plan
from openkap.config.backup.places import Within, files_at
from openkap.config.backup.sealing import BadBackup, opened
from openkap.config.keys import FILE

EMPTY_ENOUGH = frozenset({"serving", "demo"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored: from where, opened with which keys, which installation, and until when."""

    source: str
    keys: Sequence[Any]
    of: str = ""
    until: datetime | None = None
    timeline: int = 0


def installations(names: Sequence[str]) -> list[str]:
    """The installations whose backups a place has."""
    return sorted({name.split("/", 1)[0] for name in names if name.startswith(("cluster-", "database-"))})


def part_of(wanted: Wanted) -> Within:
    """The wanted installation's part of the place."""
    place = files_at(wanted.source)
    kept_here = installations(place.names(""))
    if not kept_here:
        raise BadBackup(f"There is no backup of OpenKAP in {wanted.source}.")
    if wanted.of and wanted.of not in kept_here:
        raise BadBackup(f"{wanted.source} has no backup of {wanted.of}; it has {', '.join(kept_here)}.")
    if not wanted.of and len(kept_here) > 1:
        raise BadBackup(f"{wanted.source} has backups of {', '.join(kept_here)}; say which one with --of.")
    return Within(place, f"{wanted.of or kept_here[0]}/")


def choose(place: Within, names: Sequence[str], *, wanted: Wanted) -> tuple[plan.Base, dict[str, Any]]:
    """The newest base backup that had ended by the wanted moment, and what it says about itself."""
    every = plan.bases(names)
    if not every:
        raise BadBackup("There is no whole base backup there.")
    if wanted.timeline:
        every = [it for it in every if it.start.timeline == wanted.timeline]
    elif plan.two_machines(every):
        raise BadBackup(_which(every))
    if not every:
        raise BadBackup(f"There is no base backup of timeline {wanted.timeline}.")
    for base in reversed(every):
        if wanted.until is not None and base.at > wanted.until:
            continue
        name = f"{base.folder}about.json.gz.age"
        about = json.loads(opened(place.get(name), wanted.keys, name=name))
        if wanted.until is None or datetime.fromisoformat(about["ended"]) <= wanted.until:
            return base, about
    raise BadBackup(
        f"The oldest base backup is of {every[0].at:%Y-%m-%d %H:%M} UTC; a later moment is needed."
    )


def _which(every: Sequence[plan.Base]) -> str:
    """After a restore the old machine went on too: a person must say whose record is the clinic's."""
    last = {it.start.timeline: it.at for it in every}
    told = ", ".join(f"--timeline {it} until {at:%Y-%m-%d %H:%M} UTC" for it, at in sorted(last.items()))
    return (
        "Two machines sent to this place: the clinic was restored, and the old machine went on. Say which "
        f"one to restore: {told}. The highest is the one restored last."
    )


def refuse_used(data_dir: Path) -> None:
    """A folder with anything in it is not written over, nor cleared when the restore fails."""
    if not data_dir.exists():
        return
    there = sorted(path.name for path in data_dir.iterdir() if path.name not in EMPTY_ENOUGH)
    if there:
        what = "holds an installation" if FILE in there else f"is not empty ({there[0]})"
        raise BadBackup(
            f"{data_dir} {what}. Restore into an empty folder (OPENKAP_DATA_DIR), or move this one to "
            "another name first; nothing was changed."
        )


def refuse_newer(about: dict[str, Any]) -> None:
    """A database of a newer version is not read by an older one."""
    if plan.is_newer(str(about["openkap"]), __version__):
        raise BadBackup(
            f"The backup is of OpenKAP {about['openkap']}, and this is {__version__}. Install that version, "
            "or a newer one, and restore with it."
        )
