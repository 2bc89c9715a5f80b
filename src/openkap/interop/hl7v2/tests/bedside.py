"""A monitor at Amara's side, and what it sends."""

from __future__ import annotations

from decimal import Decimal

from openkap.dosing.tests.scene import Scene
from openkap.interop.hl7v2 import actions, sending

NAME = "0A0000FFFE000001"


def send(it: Scene, values: dict[str, str], *, minutes: float = 1, monitor: str = NAME, patient: str = ""):
    """One message of these values, so many minutes on: its bytes, and what was answered."""
    at = it.later(minutes)
    numbers = {code: Decimal(value) for code, value in values.items()}
    content = sending.message(numbers, monitor=monitor, at=at, patient=patient)
    return content, actions.receive(content, at=at)
