"""Whether backups are made and can be restored; an alert in every clinic when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from openkap.config.backup.state import BackupState
from openkap.config.statements import InstallationAlert
from openkap.kernel.statement import Stated

SENT_WITHIN = timedelta(minutes=15)
BASE_WITHIN = timedelta(hours=30)
DRILL_WITHIN = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Lack:
    """What is the matter with the backup. `cause` is the same for as long as it is the same matter."""

    kind: str
    says: Stated
    cause: str
    severity: str = "soon"


def lacks(it: BackupState, *, set_up: bool, at: datetime) -> list[Lack]:
    """Pure: from what the backup's process wrote."""
    week = "-".join(str(part) for part in at.isocalendar()[:2])
    if not set_up:
        return [Lack("backup_missing", InstallationAlert.NO_BACKUP(), week)]
    since = it.sent or it.began
    if since is None:
        return []
    lacking = []
    if at - since > SENT_WITHIN:
        minutes = (at - since) // timedelta(minutes=1)
        says = InstallationAlert.BACKUP_NOT_SENT(minutes=minutes, error=it.failed)
        lacking.append(Lack("backup_failed", says, since.isoformat(), "urgent"))
    based = it.based or it.began
    if based is not None and at - based > BASE_WITHIN:
        hours = (at - based) // timedelta(hours=1)
        says = InstallationAlert.NO_WHOLE_BACKUP(hours=hours, error=it.failed)
        lacking.append(Lack("backup_old", says, based.isoformat()))
    drilled = it.drilled or it.began
    if drilled is not None and at - drilled > DRILL_WITHIN:
        lacking.append(Lack("drill_old", InstallationAlert.NO_DRILL(), f"{at.year}-{(at.month - 1) // 3}"))
    return lacking
