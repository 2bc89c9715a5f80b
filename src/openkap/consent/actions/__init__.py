"""The writers of consent. Each locks the patient, so that a dose and a signature cannot cross."""

from openkap.consent.actions.agreeing import answer_parts, hand_over, sign, take_back, withdraw
from openkap.consent.actions.capacity import CapacityTalk, sign_capacity
from openkap.consent.actions.choosing import begin_impairment, choose, end_impairment

__all__ = [
    "CapacityTalk",
    "answer_parts",
    "begin_impairment",
    "choose",
    "end_impairment",
    "hand_over",
    "sign",
    "sign_capacity",
    "take_back",
    "withdraw",
]
