"""The last steps of a restore, in the restored database: the schema, the signed record, and who is told."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from openkap.audit.offsite import NotReached
from openkap.config import checkpoints, checks
from openkap.config import database as schema
from openkap.config.backup.restore import Restored
from openkap.config.reporting import report_to_clinics
from openkap.config.statements import InstallationAlert


def run(restored: Restored, *, say: Callable[[str], None]) -> list[str]:
    """Do them; what stands in the way comes back."""
    now, problems = timezone.now(), list[str]()
    pending = schema.pending()
    if pending:
        say(f"The backup is of OpenKAP {restored.version}; bringing its tables up to date …")
    if pending or restored.server is None:  # a dump leaves the context key out
        schema.migrate()
    try:
        fetched = checkpoints.fetch()
        if fetched:
            say(f"{fetched} newer checkpoints of the record were fetched from outside.")
    except NotReached as error:
        problems.append(str(error))
    missing = checkpoints.lost()
    for text in missing:
        say(f"  {text}")
    if missing and not restored.chosen:
        problems.append("The end of the backup is missing: less was restored than had been signed.")
    say("Signing that the record was restored …")
    problems += checkpoints.make(at=now, restored=restored.until)
    said = InstallationAlert.RESTORED(until=restored.until)
    report_to_clinics("restored", said, cause=("restore", now.isoformat()), at=now)
    return problems + checks.problems()
