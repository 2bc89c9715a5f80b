"""The tabs of a person's chart. Each app names its own in its manifest; `config/wiring.py` registers them.

They stand beneath the banner of every page about a person, and say on which of them the page stands.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChartTab:
    """One tab: where it leads (by the person's id alone), and where it stands."""

    label: str
    url_name: str
    order: int

    @property
    def app(self) -> str:
        """The app whose page it is."""
        return self.url_name.partition(":")[0]


_offered: dict[str, ChartTab] = {}


def offer(tab: ChartTab) -> None:
    """Add a tab, or replace the one that leads to the same page."""
    _offered[tab.url_name] = tab


def in_order() -> list[ChartTab]:
    """Every tab, in order."""
    return sorted(_offered.values(), key=lambda tab: (tab.order, tab.url_name))


def here(view_name: str) -> str:
    """The URL's name of the tab a page stands under, which is its app's; empty where the app has none."""
    app = view_name.partition(":")[0]
    return next((tab.url_name for tab in in_order() if tab.app == app), "")
