"""What protocols shows on pages over many apps: which the clinic treats by."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.protocols import queries
from openkap.ui.cards import Drawn


def adopted(request: ClinicRequest) -> Drawn:
    """The newest version of each protocol the clinic has taken over."""
    return Drawn("protocols/card_packs.html", {"protocols": queries.newest()})


def to_read(request: ClinicRequest) -> Drawn:
    """The way to the protocols, for whoever sees no person's record."""
    return Drawn("protocols/card_read.html", {})
