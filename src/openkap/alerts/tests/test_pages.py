"""The pages of alerts: mine first, then everybody's; seen, handed over, and closed with an outcome."""

from __future__ import annotations

import pytest

from openkap.accounts.actor import Actor
from openkap.alerts import actions
from openkap.alerts.models import Alert
from openkap.kernel.ids import uuid7
from tests.cast import NOW, Cast


@pytest.fixture
def alert(cast: Cast) -> Alert:
    return actions.raise_alert(
        cast.amara.id,
        kind="suicidality",
        text="PHQ-9: question 9 is answered above zero.",
        owner_membership_id=cast.okafor.membership_id,
        cause=("response", uuid7()),
        by=Actor.system(cast.clinic.id),
        at=NOW,
    )


def _raise_for_the_house(cast: Cast) -> Alert:
    return actions.raise_alert(
        None,
        kind="backup",
        text="The backup is a day old.",
        owner_membership_id=cast.ada.membership_id,
        cause=("backup", uuid7()),
        by=Actor.system(cast.clinic.id),
        at=NOW,
    )


def test_the_list_says_whose_it_is_since_when_and_when_it_goes_on(cast: Cast, alert, door_as) -> None:
    """H08, H34: owner and clock stand on every line."""
    shown = door_as(cast.okafor).get("/alerts/").content.decode()
    assert "Yours to answer" in shown
    assert "Now: PHQ-9: question 9" in shown
    assert "24 Nov 2026, 04:00" in shown
    assert f"with {cast.okafor.name}" in shown
    assert "overdue" in shown or "goes on to the next person at" in shown


def test_a_coordinator_sees_every_alert_of_the_clinic_and_a_stranger_none(cast: Cast, alert, door_as) -> None:
    """H34: also those that speak of no patient."""
    house = _raise_for_the_house(cast)
    shown = door_as(cast.kit).get("/alerts/").content.decode()
    assert "With colleagues" in shown
    assert str(alert.id) in shown
    assert str(house.id) in shown
    eve = door_as(cast.eve)
    assert str(alert.id) not in eve.get("/alerts/").content.decode()
    assert eve.get(f"/alerts/{alert.id}/").status_code == 404
    assert eve.post(f"/alerts/{alert.id}/", {"form": "acknowledge"}).status_code == 404


def test_the_owner_acknowledges_and_closes_with_an_outcome(cast: Cast, alert, door_as, once) -> None:
    """H12: closing needs what was done and what came of it."""
    okafor, address = door_as(cast.okafor), f"/alerts/{alert.id}/"
    assert okafor.post(address, {"form": "acknowledge", "once": once()}).status_code == 302
    empty = okafor.post(address, {"form": "answer", "outcome": "spoke", "note": "", "once": once()})
    assert empty.status_code == 422
    closed = okafor.post(
        address, {"form": "answer", "outcome": "spoke", "note": "Called her; safe tonight.", "once": once()}
    )
    assert closed.status_code == 302
    assert "Called her; safe tonight." in okafor.get(address).content.decode()
    assert "Nothing waits for you" in okafor.get("/alerts/").content.decode()


def test_whoever_does_not_own_it_takes_it_over_first(cast: Cast, alert, door_as, once) -> None:
    sam, address = door_as(cast.sam), f"/alerts/{alert.id}/"
    assert sam.post(address, {"form": "acknowledge", "once": once()}).status_code == 422
    typed = {"form": "hand_over", "to": str(cast.sam.membership_id), "why": "I am with her.", "once": once()}
    assert sam.post(address, typed).status_code == 302
    alert.refresh_from_db()
    assert alert.owner_id == cast.sam.membership_id
