"""The tables of interop, each defined beside what it serves."""

from openkap.interop.hl7v2.models import ArchivedMessages, DeviceMessage, MessageSettled
from openkap.interop.referrals.models import Referral, ReferralTaken

__all__ = ["ArchivedMessages", "DeviceMessage", "MessageSettled", "Referral", "ReferralTaken"]
