"""What happened to a person, from every app, in one order: each app says its own (`timeline.py`).

`config/wiring.py` registers who tells what from the manifests; the chart shows all, or one kind alone.
What proved wrong stays in its place, struck through, with the reason.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: when, what, by whom, and where more of it stands.

    `notes` are short states beside the title (the kind of a tag, and its words); `lines` stand beneath.
    """

    at: datetime
    title: str
    by: str = ""
    lines: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # address, words
    struck: str = ""


Tell = Callable[[uuid.UUID], Sequence[TimelineEntry]]


class TimelineKind(TextChoices):
    """The kinds of entries, as the chart names and orders them. Several apps may tell one."""

    DOSES = "doses", _("Doses")
    VISITS = "visits", _("Visits")
    SCORES = "scores", _("Scores")
    ALERTS = "alerts", _("Alerts")
    CHECK_INS = "check_ins", _("Check-ins")
    LISTS = "lists", _("Medicines and problems")
    VALUES = "values", _("Values")
    PAPERS = "papers", _("Decisions and papers")

    @property
    def sign(self) -> str:
        """What stands before an entry, beside its word."""
        return _SIGNS[self.value]


_SIGNS = {
    "doses": "●",
    "visits": "□",
    "scores": "◇",
    "alerts": "!",
    "check_ins": "☎",
    "lists": "+",
    "values": "~",
    "papers": "≡",
}


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """An entry with its kind, as the chart draws it."""

    kind: TimelineKind
    entry: TimelineEntry

    @property
    def day(self) -> date:
        """The day it happened on, by the clinic's clock."""
        return timezone.localdate(self.entry.at)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A person's entries, the last first: of the kind asked for, or of all; with how many there are."""

    lines: tuple[TimelineLine, ...]
    counts: tuple[tuple[TimelineKind, int], ...]
    every: int
    shown: TimelineKind | None


_offered: dict[str, tuple[TimelineKind, Tell]] = {}


def offer(name: str, tell: Tell, *, kind: str) -> None:
    """Let an app tell a kind of entry; registered twice it is told once."""
    _offered[name] = TimelineKind(kind), tell


def names() -> list[str]:
    """What is told, by whom."""
    return sorted(_offered)


def of(patient_id: uuid.UUID, *, shown: str = "") -> Timeline:
    """What happened to this person. Where a kind is asked for that there is none of, all of them."""
    every = [TimelineLine(kind, entry) for kind, tell in _offered.values() for entry in tell(patient_id)]
    every.sort(key=lambda line: line.entry.at, reverse=True)
    number = Counter(line.kind for line in every)
    chosen = next((kind for kind in number if kind.value == shown), None)
    lines = [line for line in every if chosen in (None, line.kind)]
    counts = tuple((kind, number[kind]) for kind in TimelineKind if number[kind])
    return Timeline(tuple(lines), counts, len(every), chosen)
