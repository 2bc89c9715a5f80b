"""A monitor at Amara's side, and what it sends."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from openkap.dosing.tests.scene import Scene
from openkap.interop.hl7v2 import actions, sending
from openkap.interop.hl7v2.actions import SentFrame
from openkap.watch.plausibility import HEART_RATE, SPO2

NAME = "0A0000FFFE000001"


def send(it: Scene, values: dict[str, str], *, minutes: float = 1, monitor: str = NAME, patient: str = ""):
    """One message of these values, so many minutes on: its bytes, and what was answered."""
    at = it.later(minutes)
    numbers = {code: Decimal(value) for code, value in values.items()}
    content = sending.message(numbers, monitor=monitor, at=at, patient=patient)
    return content, actions.receive(content, at=at)


def message(value: int, at: datetime, *, monitor: str = NAME, **more: str) -> bytes:
    """A message of a heart rate, and a saturation of 97 %."""
    values = {HEART_RATE: Decimal(value), SPO2: Decimal(97)}
    return sending.message(values, monitor=monitor, at=at, **more)


def frames(*contents: bytes) -> list[SentFrame]:
    """Frames that come together, each over a connection of its own."""
    return [SentFrame(content) for content in contents]
