"""Whether backups are made and can be restored; an alert in every clinic when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from openkap.config.backup import plan
from openkap.config.backup.state import State

SENT_WITHIN = timedelta(minutes=15)
BASE_WITHIN = timedelta(hours=30)
DRILL_WITHIN = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Lack:
    """What is the matter with the backup. `cause` is the same for as long as it is the same matter."""

    kind: str
    text: str
    cause: str
    severity: str = "soon"


def lacks(it: State, *, set_up: bool, at: datetime) -> list[Lack]:
    """Pure: from what the backup's process wrote."""
    week = "-".join(str(part) for part in at.isocalendar()[:2])
    if not set_up:
        text = "This clinic has no backup: its machine is the only copy. docs: Back up and restore."
        return [Lack("backup_missing", text, week)]
    since = it.sent or it.began
    if since is None:
        return []
    found = []
    if at - since > SENT_WITHIN:
        text = f"Nothing was sent to the backup for {plan.told((at - since).total_seconds())}. {it.failed}"
        found.append(Lack("backup_failed", text.strip(), since.isoformat(), "urgent"))
    based = it.based or it.began
    if based is not None and at - based > BASE_WITHIN:
        text = f"No whole backup was made for {plan.told((at - based).total_seconds())}. {it.failed}"
        found.append(Lack("backup_old", text.strip(), based.isoformat()))
    drilled = it.drilled or it.began
    if drilled is not None and at - drilled > DRILL_WITHIN:
        text = "Whether the backup can be restored was not tried for three months: openkap drill."
        found.append(Lack("drill_old", text, f"{at.year}-{(at.month - 1) // 3}"))
    return found
