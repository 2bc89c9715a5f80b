"""What interop shows on pages over many apps: the way to referrals."""

from __future__ import annotations

from openkap.accounts.calls import ClinicRequest
from openkap.ui.cards import Drawn


def referrals(request: ClinicRequest) -> Drawn:
    """Take in a referral, or look at those that wait."""
    return Drawn("interop/card_referrals.html", {})
