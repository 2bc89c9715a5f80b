"""What is recorded of chart: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class ChartEntryAdded(DomainEvent, verb="chart.entry_added"):
    """A problem, medicine, allergy or other entry was added."""

    kind: str
    source: str


class ChartEntryVoided(DomainEvent, verb="chart.entry_voided"):
    """An entry was voided; it stays in sight."""


class ChartListAnswered(DomainEvent, verb="chart.list_answered"):
    """A whole list was answered: none, or not asked."""

    kind: str
    answer: str


class ChartFactsAnswered(DomainEvent, verb="chart.facts_answered"):
    """Facts of the chart were answered."""

    names: tuple[str, ...]


class ChartImported(DomainEvent, verb="chart.imported"):
    """Entries and results came in from another system."""

    entries: int
    results: int
    source: str


class ChartResultAdded(DomainEvent, verb="chart.result_added"):
    """A result was added."""

    code: str
    source: str


class ChartResultVoided(DomainEvent, verb="chart.result_voided"):
    """A result was voided; it stays in sight."""
