"""Cards that apps draw on pages over many apps; `desk` lays them out and knows none of them.

Each app names its cards in its manifest; `config/wiring.py` registers them. A card's function gets the
request and what the page is about, and says with which template and what; None where there is nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class CardPlace(StrEnum):
    """Where a card can stand. `TODAY_FIRST` is for what somebody must do before all else, on every width;
    `TODAY_WAITING` takes lines of a list, everything else whole cards."""

    CHART_TOP = "chart_top"
    CHART = "chart"
    CHART_SIDE = "chart_side"
    TODAY_FIRST = "today_first"
    TODAY_TOP = "today_top"
    TODAY_WAITING = "today_waiting"
    TODAY_SIDE = "today_side"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a card shows: its template, and what the template speaks of."""

    template: str
    context: dict[str, Any]


Draw = Callable[..., Drawn | None]


@dataclass(frozen=True, slots=True)
class _Offered:
    name: str
    order: int
    roles: tuple[str, ...]
    draw: Draw


_offered: dict[CardPlace, dict[str, _Offered]] = {place: {} for place in CardPlace}


def offer(name: str, draw: Draw, *, place: str, order: int, roles: tuple[str, ...] = ()) -> None:
    """Let a card stand there, for these roles; registered twice it is one card."""
    _offered[CardPlace(place)][name] = _Offered(name, order, roles, draw)


def names_at(place: CardPlace) -> list[str]:
    """The cards that may stand there, in order."""
    return [it.name for it in _in_order(place)]


def at(place: CardPlace, request: HttpRequest, *, role: str, **about: Any) -> list[SafeString]:
    """The cards that stand there now, drawn for a person of this role."""
    cards = (it.draw(request, **about) for it in _in_order(place) if not it.roles or role in it.roles)
    return [render_to_string(card.template, card.context, request) for card in cards if card is not None]


def _in_order(place: CardPlace) -> list[_Offered]:
    return sorted(_offered[place].values(), key=lambda it: (it.order, it.name))
