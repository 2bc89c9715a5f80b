"""What is recorded of measures: the event of each verb, with its details. Pure."""

from __future__ import annotations

import uuid

from openkap.kernel.event import DomainEvent


class MeasureAssigned(DomainEvent, verb="measures.assigned"):
    """A person was asked to fill a measure in."""

    measure: str
    owner_id: uuid.UUID


class MeasureLinkQueued(DomainEvent, verb="measures.link_queued"):
    """The link to a measure is on its way."""

    measure: str


class MeasureAnswered(DomainEvent, verb="measures.answered"):
    """One item was answered."""

    measure: str
    item: str


class MeasureHandedIn(DomainEvent, verb="measures.handed_in"):
    """A measure was handed in and scored."""

    measure: str
    response_id: uuid.UUID
    flags: tuple[str, ...]


class ScoreEntered(DomainEvent, verb="measures.score_entered"):
    """A score from paper was typed in."""

    measure: str
    response_id: uuid.UUID
    flags: tuple[str, ...]


class MeasureWithdrawn(DomainEvent, verb="measures.withdrawn"):
    """A measure was taken back before it was handed in."""

    measure: str
