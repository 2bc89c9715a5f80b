"""What is recorded of screening: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class ScreeningDecided(DomainEvent, verb="screening.decided"):
    """A prescriber decided whether a person may be treated."""

    outcome: str
    computed: str


class ScreeningSeconded(DomainEvent, verb="screening.seconded"):
    """A second prescriber agreed with a decision."""
