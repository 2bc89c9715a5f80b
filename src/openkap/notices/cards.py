"""What notices shows on pages over many apps: what has not gone out."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.notices import queries
from openkap.ui.cards import Drawn


def waiting(request: ClinicRequest) -> Drawn | None:
    """How much waits to go out; nothing where nothing waits, but for an administrator."""
    count = queries.waiting().count()
    if not count and request.actor.role != "administrator":
        return None
    return Drawn("notices/card_waiting.html", {"waiting": count})
