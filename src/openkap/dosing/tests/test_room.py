"""What the room shows of the person themself, so that the promises of the consent are kept at the bedside."""

from __future__ import annotations

from django.urls import reverse

from openkap.consent import actions as consent_actions
from openkap.dosing.tests.scene import scene
from tests.cast import NOW, Cast


def test_her_choices_stand_on_the_page_of_the_room(cast: Cast, client_as) -> None:
    """Touch is what she chose, and no touch while she has chosen nothing; the consent says so."""
    room = reverse("dosing:room", kwargs={"session": scene(cast).session.id})
    assert "Touch: No touch (not chosen yet)" in client_as(cast.sam).get(room).content.decode()
    consent_actions.choose(cast.amara.id, values={"touch": "hand"}, by=cast.amara_herself, at=NOW)
    assert "Touch: A hand on mine, if I reach out" in client_as(cast.sam).get(room).content.decode()
