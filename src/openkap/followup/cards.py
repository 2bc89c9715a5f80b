"""What followup shows on pages over many apps: who did not answer."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.followup import queries
from openkap.ui.cards import Drawn


def unanswered(request: ClinicRequest) -> Drawn | None:
    """The check-ins nobody has answered, among the people this actor may open."""
    check_ins = queries.unanswered(request.actor, now=request.at)
    return Drawn("followup/card_unanswered.html", {"check_ins": check_ins}) if check_ins else None
