"""What concerns the whole installation, as an alert in every clinic says it."""

from openkap.kernel.statement import Statement
from openkap.kernel.wording import sentence as _


class InstallationAlert(Statement):
    """What an alert about the installation says. Errors of other programs stand in their own words."""

    JOBS_STOPPED = _(
        "OpenKAP's work by the clock stood still since {since:day}: no escalations, no messages."
    )
    RECORD_CHANGED = _(
        "The record does not agree with its signed checkpoint {number}. Nobody may clear this away."
    )
    CHECKPOINT_NOT_SENT = _(
        "The record's checkpoints have not left this machine since number {number}. {error}"
    )
    RESTORED = _(
        "This clinic was restored from its backup: all until {until:day} is here. What was entered after "
        "that is not: enter it again, from paper or memory, as a late entry."
    )
    NO_BACKUP = _("This clinic has no backup: its machine is the only copy. docs: Back up and restore.")
    BACKUP_NOT_SENT = _("Nothing was sent to the backup for {minutes} minutes. {error}")
    NO_WHOLE_BACKUP = _("No whole backup was made for {hours} hours. {error}")
    NO_DRILL = _("Whether the backup can be restored was not tried for three months: openkap drill.")
