"""The navigation's entries. Each app names its own in its manifest; `config/wiring.py` registers them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry: where it leads, who sees it, and where it stands."""

    label: str
    url_name: str
    roles: frozenset[str]
    order: int
    counts_waiting: bool = False


_entries: dict[str, NavigationItem] = {}


def register(
    label: str, url_name: str, *, roles: list[str], order: int, counts_waiting: bool = False
) -> None:
    """Add an entry, or replace the one that leads to the same place."""
    _entries[url_name] = NavigationItem(label, url_name, frozenset(roles), order, counts_waiting)


def entries_for(role: str) -> list[NavigationItem]:
    """What a person of this role sees, in order."""
    found = [entry for entry in _entries.values() if role in entry.roles]
    return sorted(found, key=lambda entry: (entry.order, entry.label))
