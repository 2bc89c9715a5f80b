"""Events of the tests' own."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class SomethingDone(DomainEvent, verb="test.done"):
    """Something happened in a test."""

    number: int | None = None
