"""Pure: what stands against proposing that the two records laid side by side are one person's."""

from __future__ import annotations

from openkap.desk.reasons import DeskReason
from openkap.kernel.refusal import Objection, Refused


def record_gone() -> Refused:
    """The other record was merged or is not this clinic's."""
    return Refused(DeskReason.RECORD_GONE())


def objections_to_proposing(*, shown: str, now: str) -> list[Objection]:
    """Nobody proposes what they have not seen (hazard H28): the difference is the one that was shown."""
    return [] if shown == now else [DeskReason.RECORDS_CHANGED()]
