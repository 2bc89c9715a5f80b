"""What is recorded of therapy: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class PreparationWritten(DomainEvent, verb="therapy.preparation_written"):
    """Hopes, concerns and earlier states were written down."""


class PreparationFinished(DomainEvent, verb="therapy.preparation_finished"):
    """The person is prepared."""


class VisitWritten(DomainEvent, verb="therapy.visit_written"):
    """The note of a visit was written."""

    kind: str
    minutes: int


class AddendumWritten(DomainEvent, verb="therapy.addendum_written"):
    """Something was added to a note."""


class GoalSet(DomainEvent, verb="therapy.goal_set"):
    """A goal was set."""


class GoalMet(DomainEvent, verb="therapy.goal_met"):
    """A goal was met."""


class GoalDropped(DomainEvent, verb="therapy.goal_dropped"):
    """The person let a goal go."""


class PracticeAgreed(DomainEvent, verb="therapy.practice_agreed"):
    """Something small to do between visits was agreed."""
