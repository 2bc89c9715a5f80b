"""What is recorded of consent: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class ScreenHandedOver(DomainEvent, verb="consent.handed_over"):
    """The screen was handed to the person to read and sign."""


class ScreenTakenBack(DomainEvent, verb="consent.taken_back"):
    """The screen was taken back from the person."""


class ConsentUnderstood(DomainEvent, verb="consent.understood"):
    """The person answered questions about what they read."""

    elements: tuple[str, ...]
    document: str


class CapacitySigned(DomainEvent, verb="consent.capacity_signed"):
    """A clinician signed whether the person could decide."""

    document: str
    could_decide: bool


class ConsentSigned(DomainEvent, verb="consent.signed"):
    """The person signed a document."""

    document: str
    hash: str


class ConsentWithdrawn(DomainEvent, verb="consent.withdrawn"):
    """The person took their consent back."""


class ChoicesMade(DomainEvent, verb="consent.chosen"):
    """The person made choices for their sessions."""

    names: tuple[str, ...]
    during_session: bool


class ImpairmentBegan(DomainEvent, verb="consent.impairment_began"):
    """A dose has started: nothing is signed from now on."""


class ImpairmentEnded(DomainEvent, verb="consent.impairment_ended"):
    """The person is clear again."""
