"""The tables of interop, each defined beside what it serves."""

from openkap.interop.hl7v2.models import DeviceMessage, MessageSettled, PackedMessages
from openkap.interop.referrals.models import Referral, ReferralTaken

__all__ = ["DeviceMessage", "MessageSettled", "PackedMessages", "Referral", "ReferralTaken"]
