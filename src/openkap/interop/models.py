"""The tables of interop, each defined beside what it serves."""

from openkap.interop.referrals.models import Referral, ReferralTaken

__all__ = ["Referral", "ReferralTaken"]
