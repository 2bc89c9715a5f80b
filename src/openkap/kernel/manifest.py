"""What an app offers to the rest of the system, and what it asks of it. `config` alone reads it.

Adding an app touches its own folder and one list, `config.installed.APPS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openkap.kernel.event import DomainEvent

STAFF = ("coordinator", "prescriber", "nurse", "therapist", "administrator", "researcher")
TREATING = ("coordinator", "prescriber", "nurse", "therapist")


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """An entry of the navigation: where it leads, which roles see it, where it stands.

    What is part of a day's work is a place of its own, and nobody has more than seven of them. What the
    clinic sets up and looks after stands on one page: with `about`, the sentence said of it there; the entry
    that leads to that page `gathers` them.
    `counts_waiting`: beside it stands how many things there wait for this person.
    """

    label: str
    url_name: str
    roles: tuple[str, ...]
    order: int
    counts_waiting: bool = False
    about: str = ""
    gathers: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A card of an app on a page over many apps: where it stands, and which function of `cards.py` draws it.

    Without `roles` it is drawn for everyone who may open the page.
    """

    place: str
    name: str
    order: int
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the app among the tabs of a person's chart; its URL has the person's id and no other key."""

    label: str
    url_name: str
    order: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One app. Modules are named as they are called inside it (`queries`, `referrals.queries`).

    `links` offers pages by what they lead to (`ui.links`), `cards` what stands on pages over many apps
    (`ui.cards`; the function of the app's `cards.py`). `timeline` names what it tells in a person's chart
    (`ui.timeline`): a function of its `timeline.py`, and the kind of its entries; `tabs` are its pages there
    (`ui.tabs`). `patient_keys` are modules whose `PATIENT_OF` says how a key of a URL leads to a patient.
    `explains` are modules whose `EXPLAINED` says what lies behind an alert. `subscriptions` names the handler
    (of `handlers.py`) of an event's class. `jobs`: whether `jobs.py` has work in the background or by the
    clock. `sets_up`: whether `setup.py` says what a clinic needs before its first patient. `pure` are the
    modules without Django, database and network.
    """

    title: str
    navigation: tuple[NavigationEntry, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    timeline: Mapping[str, str] = field(default_factory=dict)
    tabs: tuple[Tab, ...] = ()
    patient_keys: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()
    subscriptions: Mapping[type[DomainEvent], str] = field(default_factory=dict)
    jobs: bool = False
    sets_up: bool = False
    pure: tuple[str, ...] = ()
