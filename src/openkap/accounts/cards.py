"""What accounts shows on pages over many apps: the team, and whether all have a second factor."""

from __future__ import annotations

from openkap.accounts import queries
from openkap.accounts.calls import ClinicRequest
from openkap.ui.cards import Drawn


def team(request: ClinicRequest) -> Drawn:
    """How many people work here, and whether each has a second factor."""
    members, with_factor = queries.team(), queries.with_second_factor()
    without = [it for it in members if it.user_id not in with_factor]
    return Drawn("accounts/card_team.html", {"members": members, "without_factor": without})
