"""What is recorded of a session under watch: the event of each verb, with its details. Pure."""

from __future__ import annotations

from openkap.kernel.event import DomainEvent


class SessionOpened(DomainEvent, verb="watch.opened"):
    """A dosing session began."""

    number: int


class ValuesCharted(DomainEvent, verb="watch.values_charted"):
    """Values came in. Typed: each time. From a monitor: once for each minute and reading (ADR 0035).

    `not_charted` names those that could not be charted as true, which is said once a minute too.
    """

    codes: tuple[str, ...]
    source: str
    not_charted: tuple[str, ...]


class ValuesArchived(DomainEvent, verb="watch.values_archived"):
    """What monitors sent in a session that closed long ago was packed, whole."""

    values: int


class ValuesPutAside(DomainEvent, verb="watch.values_put_aside"):
    """A monitor sent values that could not be charted."""

    what: tuple[str, ...]
    monitor: str


class PutAsideValueSeen(DomainEvent, verb="watch.put_aside_seen"):
    """Somebody has seen a value that was put aside."""

    what: str


class MarksRaised(DomainEvent, verb="watch.marks_raised"):
    """The session was reevaluated, and marks were raised or passed on."""

    raised: tuple[str, ...]
    passed_on: tuple[str, ...]


class MarkAnswered(DomainEvent, verb="watch.mark_answered"):
    """Somebody wrote down what was done about a mark."""

    flag: str
    level: str
    action: str


class MarkDecided(DomainEvent, verb="watch.mark_decided"):
    """A prescriber decided on a mark."""

    flag: str
    level: str
    rule: str
    confirmed: bool


class MarkSettled(DomainEvent, verb="watch.mark_settled"):
    """A mark was settled: true, or not."""

    flag: str
    is_true: bool | None
    action: str


class AdverseEventNoted(DomainEvent, verb="watch.adverse_event_noted"):
    """An adverse event was written down."""

    term: str
    grade: int
    serious: bool


class RemarkNoted(DomainEvent, verb="watch.remark_noted"):
    """What the person said, or who is in the room, was written down."""

    kind: str


class MonitorAdded(DomainEvent, verb="watch.monitor_added"):
    """A monitor was added to a room."""

    name: str


class MonitorRetired(DomainEvent, verb="watch.monitor_retired"):
    """A monitor is no longer used."""


class MonitorPaired(DomainEvent, verb="watch.paired"):
    """From now on a monitor's values are this person's."""

    monitor: str
    identifier: str


class MonitorUnpaired(DomainEvent, verb="watch.unpaired"):
    """From now on a monitor's values are nobody's."""

    monitor: str
    identifier: str
