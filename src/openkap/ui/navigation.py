"""The navigation's entries. Each app names its own in its manifest; `config/wiring.py` registers them."""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST_PLACES = 7


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry: where it leads, who sees it, where it stands; what it is about on the page that gathers."""

    label: str
    url_name: str
    roles: frozenset[str]
    order: int
    counts_waiting: bool = False
    about: str = ""
    gathers: bool = False
    is_here: bool = False


_entries: dict[str, NavigationItem] = {}


def register(item: NavigationItem) -> None:
    """Add an entry, or replace the one that leads to the same place."""
    _entries[item.url_name] = item


def entries_for(role: str) -> list[NavigationItem]:
    """What a person of this role may go to, in order: places, and what stands on the page that gathers."""
    entries = [entry for entry in _entries.values() if role in entry.roles]
    return sorted(entries, key=lambda entry: (entry.order, entry.label))


def places_for(role: str, *, here: str) -> list[NavigationItem]:
    """The menu of this role. The page that gathers is a place where it leads to something, and whoever is on
    a page it leads to is there.
    """
    behind = {entry.url_name for entry in entries_for(role) if entry.about}
    places = [entry for entry in entries_for(role) if not entry.about]
    return [
        replace(entry, is_here=here == entry.url_name or (entry.gathers and here in behind))
        for entry in places
        if behind or not entry.gathers
    ]
