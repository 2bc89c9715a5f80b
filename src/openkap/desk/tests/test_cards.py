"""A card stands for the roles its app names, in its order, and nowhere else."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from openkap.ui import cards
from openkap.ui.cards import CardPlace, Drawn
from tests.cast import Cast


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "_offered", {place: {} for place in CardPlace})


def _card(words: str):
    return lambda request, **about: Drawn("ui/pager.html", {}) if words else None


def test_a_card_is_drawn_for_its_roles_and_one_with_nothing_to_show_is_not(offered) -> None:
    request, place = RequestFactory().get("/"), CardPlace.TODAY_SIDE
    cards.offer("a.for_nurses", _card("words"), place=place, order=20, roles=("nurse",))
    cards.offer("b.for_all", _card("words"), place=place, order=10)
    cards.offer("c.empty", _card(""), place=place, order=5)
    assert cards.names_at(place) == ["c.empty", "b.for_all", "a.for_nurses"]
    drawn = {role: len(cards.at(place, request, role=role)) for role in ("nurse", "researcher")}
    assert drawn == {"nurse": 2, "researcher": 1}
    assert cards.at(CardPlace.CHART, request, role="nurse") == []


def test_todays_cards_are_those_of_the_role(cast: Cast, client_as) -> None:
    """H40: the formulary is an administrator's card, referrals a coordinator's."""
    ada, kit, sam = (client_as(who).get("/").content.decode() for who in (cast.ada, cast.kit, cast.sam))
    heading = {"Formulary": ada, "Referrals": kit}
    for words, shown in heading.items():
        for page in (ada, kit, sam):
            assert (f"<h2>{words}</h2>" in page) == (page is shown)
