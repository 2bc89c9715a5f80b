"""What dispensary shows on pages over many apps: the formulary."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.dispensary import queries
from openkap.ui.cards import Drawn


def formulary(request: ClinicRequest) -> Drawn:
    """The products in use; without one no order can be written."""
    return Drawn("dispensary/card_formulary.html", {"formulary": queries.formulary()})
