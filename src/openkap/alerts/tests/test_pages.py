"""The pages of alerts: mine first, then everybody's; seen, handed over, and closed with an outcome."""

from __future__ import annotations

import re

import pytest

from openkap.accounts.actor import Actor
from openkap.alerts import actions
from openkap.alerts.models import Alert
from openkap.kernel.ids import uuid7
from tests.cast import NOW, Cast, sign_cover
from tests.statements import StatementInATest


@pytest.fixture
def alert(cast: Cast) -> Alert:
    return actions.raise_alert(
        cast.amara.id,
        kind="suicidality",
        says=StatementInATest.WORDS(words="PHQ-9: question 9 is answered above zero."),
        owner_membership_id=cast.okafor.membership_id,
        cause=("response", uuid7()),
        by=Actor.system(cast.clinic.id),
        at=NOW,
    )


def _raise_for_the_clinic(cast: Cast) -> Alert:
    return actions.raise_alert(
        None,
        kind="backup",
        says=StatementInATest.WORDS(words="The backup is a day old."),
        owner_membership_id=cast.ada.membership_id,
        cause=("backup", uuid7()),
        by=Actor.system(cast.clinic.id),
        at=NOW,
    )


def test_the_list_says_whose_it_is_since_when_and_when_it_goes_on(cast: Cast, alert, client_as) -> None:
    """H08, H34: owner and clock stand on every line."""
    shown = client_as(cast.okafor).get("/alerts/").content.decode()
    assert "Yours to answer" in shown
    assert "Now: PHQ-9: question 9" in shown
    assert "Nov 24, 2026, 04:00" in shown
    assert f"with {cast.okafor.name}" in shown
    assert "overdue" in shown or "goes on to the next person at" in shown


def test_a_coordinator_sees_every_alert_of_the_clinic_and_a_stranger_none(
    cast: Cast, alert, client_as
) -> None:
    """H34: also those that speak of no patient."""
    clinics_own = _raise_for_the_clinic(cast)
    shown = client_as(cast.kit).get("/alerts/").content.decode()
    assert "With colleagues" in shown
    assert str(alert.id) in shown
    assert str(clinics_own.id) in shown
    eve = client_as(cast.eve)
    assert str(alert.id) not in eve.get("/alerts/").content.decode()
    assert eve.get(f"/alerts/{alert.id}/").status_code == 404
    assert eve.post(f"/alerts/{alert.id}/", {"form": "acknowledge"}).status_code == 404


def test_the_owner_acknowledges_and_closes_with_an_outcome(cast: Cast, alert, client_as, once) -> None:
    """H12: closing needs what was done and what came of it."""
    okafor, address = client_as(cast.okafor), f"/alerts/{alert.id}/"
    assert okafor.post(address, {"form": "acknowledge", "once": once()}).status_code == 302
    empty = okafor.post(address, {"form": "answer", "outcome": "spoke", "note": "", "once": once()})
    assert empty.status_code == 422
    closed = okafor.post(
        address, {"form": "answer", "outcome": "spoke", "note": "Called her; safe tonight.", "once": once()}
    )
    assert closed.status_code == 302
    assert "Called her; safe tonight." in okafor.get(address).content.decode()
    assert "Nothing waits for you" in okafor.get("/alerts/").content.decode()


def test_an_answer_that_came_second_is_not_lost_with_its_form(cast: Cast, alert, client_as, once) -> None:
    """H35: somebody answered meanwhile, the form is gone from the page, and the words stand on it."""
    actions.acknowledge(alert.id, by=cast.okafor, at=NOW)
    actions.answer(alert.id, outcome="spoke", note="Called her.", by=cast.okafor, at=NOW)
    late = {
        "form": "answer",
        "outcome": "spoke",
        "note": "She is safe <today>, with her sister.",
        "once": once(),
    }
    page = client_as(cast.okafor).post(f"/alerts/{alert.id}/", late)
    assert page.status_code == 422
    assert "This has already been answered." in page.content.decode()
    assert "She is safe &lt;today&gt;, with her sister." in page.content.decode()
    assert 'name="note"' not in page.content.decode()


def test_a_colleague_of_the_care_team_takes_it_with_one_tap(cast: Cast, alert, client_as, once) -> None:
    sam, address = client_as(cast.sam), f"/alerts/{alert.id}/"
    assert "I take it" in sam.get(address).content.decode()
    assert sam.post(address, {"form": "acknowledge", "once": once()}).status_code == 302
    alert.refresh_from_db()
    assert (alert.owner_id, alert.acknowledged_at is not None) == (cast.sam.membership_id, True)


def test_it_is_offered_only_to_those_who_may_open_the_record(cast: Cast, alert, client_as) -> None:
    """H12: an answer that speaks of suicide is in the hands of somebody who can open it and treat."""
    page = client_as(cast.okafor).get(f"/alerts/{alert.id}/").content.decode()
    offered = set(re.findall(r'<option value="([0-9a-f-]{36})"', page))
    team = (cast.bello, cast.sam, cast.june, cast.noor)
    assert offered == {str(person.membership_id) for person in team}
    kit = client_as(cast.kit).get(f"/alerts/{alert.id}/").content.decode()
    assert "I take it" not in kit


def test_a_closed_alert_stays_in_the_list_in_the_chart_and_under_its_address(
    cast: Cast, alert, client_as, once
) -> None:
    okafor, address = client_as(cast.okafor), f"/alerts/{alert.id}/"
    okafor.post(address, {"form": "acknowledge", "once": once()})
    typed = {"form": "answer", "outcome": "plan", "note": "Called her. Plan renewed.", "once": once()}
    assert okafor.post(address, typed, follow=True).redirect_chain[-1][0] == address
    for where in ("/alerts/closed/", f"/patients/{cast.amara.id}/alerts/", f"/patients/{cast.amara.id}/"):
        shown = okafor.get(where).content.decode()
        assert "Called her. Plan renewed." in shown, where
        assert "Safety plan made or renewed" in shown, where
        assert cast.okafor.name in shown, where
    assert "Plan renewed" not in client_as(cast.eve).get("/alerts/closed/").content.decode()
    assert client_as(cast.eve).get(f"/patients/{cast.amara.id}/alerts/").status_code == 404


def test_in_the_chart_only_its_owner_is_asked_to_answer(cast: Cast, alert, client_as) -> None:
    """One strong button a page: what waits for a colleague can be looked at."""
    chart, address = f"/patients/{cast.amara.id}/", f'href="/alerts/{alert.id}/">'
    owner = next(one for one in (cast.sam, cast.okafor, cast.noor) if one.membership_id == alert.owner_id)
    other = next(one for one in (cast.sam, cast.okafor) if one.membership_id != alert.owner_id)
    assert f'<a class="button" {address}Answer' in client_as(owner).get(chart).content.decode()
    assert f'<a class="button quiet" {address}Look' in client_as(other).get(chart).content.decode()


def test_the_next_alert_shows_the_last_safety_plan(cast: Cast, alert, client_as, once) -> None:
    okafor = client_as(cast.okafor)
    assert "none written down here" in okafor.get(f"/alerts/{alert.id}/").content.decode()
    actions.acknowledge(alert.id, by=cast.okafor, at=NOW)
    actions.answer(alert.id, outcome="plan", note="Sister stays tonight.", by=cast.okafor, at=NOW)
    later = actions.raise_alert(
        cast.amara.id,
        kind="suicidality",
        says=StatementInATest.WORDS(words="PHQ-9: question 9 is answered above zero."),
        owner_membership_id=cast.okafor.membership_id,
        cause=("response", uuid7()),
        by=Actor.system(cast.clinic.id),
        at=NOW,
    )
    assert "Sister stays tonight." in okafor.get(f"/alerts/{later.id}/").content.decode()


def test_the_phone_number_on_an_alert_calls(cast: Cast, alert, client_as) -> None:
    assert 'href="tel:+12125550142"' in client_as(cast.sam).get(f"/alerts/{alert.id}/").content.decode()


def test_a_cover_is_signed_on_its_page_and_a_wrong_one_is_given_back(cast: Cast, client_as, once) -> None:
    ada = client_as(cast.ada)
    typed = {
        "mon_from": "18:00",
        "mon_to": "08:00",
        "on_call_1": str(cast.june.membership_id),
        "every_minutes": "90",
        "each": "3",
        "closed_on": "2026-12-25",
        "line_name_1": "Night line",
        "line_number_1": "+1 212 555 0199",
        "line_texts_1": "on",
        "typed_name": cast.ada.name,
    }
    wrong = ada.post("/alerts/cover/", {**typed, "once": once()})
    assert wrong.status_code == 422
    shown = wrong.content.decode()
    assert "The day ends before it begins." in shown
    assert "after 1 to 30 minutes" in shown
    assert "Night line" in shown
    nowhere = ada.post("/alerts/cover/", {**typed, "line_number_1": "the night line", "once": once()})
    assert "“the night line” is no phone number" in nowhere.content.decode()
    right = {**typed, "mon_from": "08:00", "mon_to": "18:00", "every_minutes": "5", "once": once()}
    assert ada.post("/alerts/cover/", right).status_code == 302
    shown = client_as(cast.sam).get("/alerts/cover/").content.decode()
    assert cast.june.name in shown
    assert "Night line" in shown
    assert client_as(cast.sam).post("/alerts/cover/", right).status_code == 404


def test_the_list_says_when_nobody_is_on_call(cast: Cast, client_as) -> None:
    assert "Nobody is on call" not in client_as(cast.sam).get("/alerts/").content.decode()
    sign_cover(cast.ada, at=NOW)
    assert "Nobody is on call" in client_as(cast.sam).get("/alerts/").content.decode()


def test_the_count_in_an_open_menu_keeps_up(cast: Cast, alert, client_as) -> None:
    owner, other = client_as(cast.okafor), client_as(cast.kit)
    assert 'data-waiting="/alerts/waiting/"' in owner.get("/").content.decode()
    assert (owner.get("/alerts/waiting/").content, other.get("/alerts/waiting/").content) == (b"1", b"0")
    assert client_as(cast.amara_herself).get("/alerts/waiting/").status_code == 404


def test_an_alert_says_the_clinics_own_times(cast: Cast, alert, client_as) -> None:
    shown = client_as(cast.okafor).get(f"/alerts/{alert.id}/").content.decode()
    assert "seen within 10 min and answered within 60 min" in shown
