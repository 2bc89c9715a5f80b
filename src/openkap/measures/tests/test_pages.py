"""The pages of measures: one question a screen on the phone, and the clinic's page of one person."""

from __future__ import annotations

import re
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from openkap.accounts.links import Link, make_token
from openkap.alerts import actions as alerts_actions
from openkap.alerts.models import Alert
from openkap.measures import actions, queries
from openkap.measures.models import Response
from openkap.notices import actions as notices_actions
from openkap.notices.models import Notice
from tests.cast import NOW, Cast, sign_cover


@pytest.fixture
def assignment(cast: Cast):
    return actions.assign(
        cast.amara.id, measure="phq_9", owner_membership_id=cast.okafor.membership_id, by=cast.kit, at=NOW
    )


@pytest.fixture
def link(assignment) -> str:
    return queries.link_path(assignment)


def _tap(phone: Client, where: str, value: int, once) -> str:
    answer = phone.post(where, {"value": value, "once": once()})
    assert answer.status_code == 302
    return answer["Location"]


def test_a_person_answers_question_by_question_and_hands_in(link, cast: Cast, once) -> None:
    phone = Client()
    where = phone.get(link)["Location"]
    for number in range(1, 11):
        screen = phone.get(where).content.decode()
        assert f"Question {number} of 10" in screen
        assert "Help now" in screen
        assert 'href="tel:988"' in screen
        assert 'href="sms:988"' in screen
        assert "Osei" not in screen
        where = _tap(phone, where, 0, once)
    assert "That was the last question" in phone.get(where).content.decode()
    phone.post(where, {"once": once()})
    assert "You can close this page" in phone.get(link).content.decode()
    assert Response.objects.get().total == 0


def test_who_stops_goes_on_where_they_left_off_and_can_go_back(link, once) -> None:
    phone = Client()
    _tap(phone, f"{link}1/", 3, once)
    again = Client()
    assert again.get(link)["Location"] == f"{link}2/"
    assert f'href="{link}1/"' in again.get(f"{link}2/").content.decode()
    assert re.search(r'value="3" aria-pressed="true"', again.get(f"{link}1/").content.decode())


def test_item_nine_shows_help_on_the_very_next_screen(link, cast: Cast, once) -> None:
    """H12: at once, by itself, with numbers that call; and again at the end."""
    phone = Client()
    after = phone.get(_tap(phone, f"{link}9/", 1, once)).content.decode()
    assert 'role="alert"' in after
    assert 'href="tel:988"' in after
    assert Alert.objects.get().owner_id == cast.okafor.membership_id
    phone.post(f"{link}end/", {"once": once()})
    end = phone.get(link).content.decode()
    assert "You do not have to carry this alone" in end
    assert 'href="tel:988"' in end


def test_an_open_question_is_said_to_be_open(link, once) -> None:
    phone = Client()
    _tap(phone, f"{link}1/", 0, once)
    end = phone.get(f"{link}end/").content.decode()
    assert "1 of 10 answered" in end
    assert end.count("is open</a>") == 9


@pytest.mark.parametrize("value", ["4", "-1", "x", "", "٣"])
def test_a_tap_that_means_nothing_keeps_nothing(link, assignment, once, value: str) -> None:
    answer = Client().post(f"{link}9/", {"value": value, "once": once()})
    assert answer.status_code == 422
    assert queries.answers_of(assignment.id) == {}


def test_a_link_opens_only_what_it_was_made_for(cast: Cast, assignment) -> None:
    other = Link(cast.clinic.id, cast.eve.membership_id, "measure", assignment.id)
    wrong = Link(cast.clinic.id, cast.amara.id, "check_in", assignment.id)
    for token in (make_token(other), make_token(wrong), "made-up"):
        assert Client().get(f"/m/{token}/").status_code == 404
    assert Client().get(f"{queries.link_path(assignment)}77/").status_code == 404


def test_a_withdrawn_measure_says_so(link, assignment, cast: Cast, once) -> None:
    actions.withdraw(assignment.id, why="asked twice", by=cast.kit, at=NOW)
    assert "no longer needs these answers" in Client().get(link).content.decode()
    late = Client().post(f"{link}1/", {"value": 1, "once": once()}, follow=True)
    assert "no longer needs these answers" in late.content.decode()
    assert queries.answers_of(assignment.id) == {}


def test_the_clinic_gives_out_sends_and_reads(cast: Cast, client_as, once) -> None:
    address = f"/patients/{cast.amara.id}/measures/"
    kit = client_as(cast.kit)
    given = {"form": "assign", "measure": "gad_7", "owner": str(cast.noor.membership_id), "once": once()}
    assert kit.post(address, given).status_code == 302
    (assignment,) = queries.due(cast.amara.id)
    assert kit.post(f"/measures/{assignment.id}/send/", {"once": once()}).status_code == 302
    assert Notice.objects.get().owner_id == cast.noor.membership_id
    for place in range(1, 8):
        actions.answer(assignment.id, item=str(place), value=2, by=cast.kit, at=NOW)
    actions.hand_in(assignment.id, by=cast.kit, at=NOW)
    shown = client_as(cast.noor).get(address).content.decode()
    assert "moderate" in shown
    assert "<strong>14</strong>" in shown
    assert "verified in its source" in shown
    assert client_as(cast.eve).get(address).status_code == 404


def test_a_score_without_its_critical_item_is_shown_again_with_the_reason(
    cast: Cast, client_as, once
) -> None:
    """H12"""
    address = f"/patients/{cast.amara.id}/measures/"
    typed = {"form": "score", "measure": "phq_9", "total": "12", "owner": str(cast.sam.membership_id)}
    sam = client_as(cast.sam)
    refused = sam.post(address, {**typed, "once": once()})
    assert refused.status_code == 422
    assert "question 9 too" in refused.content.decode()
    assert sam.post(address, {**typed, "critical": "0", "once": once()}).status_code == 302
    assert Response.objects.get().total == 12


def test_the_alert_says_what_was_answered_and_the_score_says_what_was_done(
    link, cast: Cast, client_as, once
) -> None:
    """H12: 1, 2 or 3 is not the same; the total comes with handing in; the deed stays beside the score."""
    phone = Client()
    _tap(phone, f"{link}9/", 2, once)
    alert, okafor = Alert.objects.get(), client_as(cast.okafor)
    shown = okafor.get(f"/alerts/{alert.id}/").content.decode()
    assert "2: More than half the days" in shown
    assert "not handed in yet, 1 of 10 answered" in shown
    _tap(phone, f"{link}9/", 1, once)
    for number in range(1, 9):
        _tap(phone, f"{link}{number}/", 2, once)
    phone.post(f"{link}end/", {"once": once()})
    shown = okafor.get(f"/alerts/{alert.id}/").content.decode()
    assert "1: Several days" in shown
    assert "Question 9 before" in shown
    assert "17 of 27, moderately severe" in shown
    page = f"/patients/{cast.amara.id}/measures/"
    assert f'href="/alerts/{alert.id}/"' in okafor.get(page).content.decode()
    alerts_actions.acknowledge(alert.id, by=cast.okafor, at=NOW)
    alerts_actions.answer(alert.id, outcome="plan", note="Sister stays tonight.", by=cast.okafor, at=NOW)
    shown = okafor.get(page).content.decode()
    assert "Safety plan made or renewed" in shown
    assert "Sister stays tonight." in shown


def test_at_night_the_person_is_promised_only_what_is_set_up(link, cast: Cast, once) -> None:
    """H12: with somebody on call a message goes out; with nobody, nothing of the kind is said."""
    phone = Client()
    where = _tap(phone, f"{link}9/", 1, once)
    assert "The clinic is open until 23:59" in phone.get(where).content.decode()
    sign_cover(cast.ada, on_call=(cast.june,), hours=None, at=NOW)
    assert "The person on call is sent a message." in phone.get(where).content.decode()
    sign_cover(cast.ada, hours=(time(8), time(18)), at=NOW)
    told = phone.get(where).content.decode()
    assert "nobody may read it before Tuesday, November 24, 08:00" in told
    assert "sent a message" not in told
    sign_cover(cast.ada, hours=None, at=NOW)
    assert "Somebody may not read it soon." in phone.get(where).content.decode()


def test_a_link_counts_as_sent_only_when_the_mail_system_has_it(
    cast: Cast, client_as, once, settings
) -> None:
    address, kit = f"/patients/{cast.amara.id}/measures/", client_as(cast.kit)
    given = {"form": "assign", "measure": "gad_7", "owner": str(cast.noor.membership_id), "once": once()}
    kit.post(address, given)
    assert "link not sent" in kit.get(address).content.decode()
    (assignment,) = queries.due(cast.amara.id)
    kit.post(f"/measures/{assignment.id}/send/", {"once": once()})
    shown = kit.get(address).content.decode()
    assert "not gone out yet" in shown
    assert "handed to the mail system" not in shown
    settings.OPENKAP_MAIL_IS_SET_UP = False
    notices_actions.send_due(by=cast.kit, at=NOW + timedelta(minutes=9))
    assert "link could not be sent: call" in kit.get(address).content.decode()
    assert "No mail system is set up" in kit.get("/notices/").content.decode()
    settings.OPENKAP_MAIL_IS_SET_UP = True
    notices_actions.try_again(Notice.objects.get().id, by=cast.kit, at=NOW)
    notices_actions.send_due(by=cast.kit, at=NOW + timedelta(minutes=9))
    assert "link handed to the mail system" in kit.get(address).content.decode()


def test_the_measure_that_came_in_last_is_offered_first(cast: Cast, client_as) -> None:
    kit, address = client_as(cast.kit), f"/patients/{cast.amara.id}/measures/"
    before = kit.get(address).content.decode().split('name="measure"')[1].split("</select>")[0]
    assert "selected" not in before
    score = {"measure": "phq_9", "total": Decimal(12), "answers": {"9": 0}}
    owner = cast.sam.membership_id
    actions.enter_from_paper(cast.amara.id, **score, owner_membership_id=owner, by=cast.sam, at=NOW)
    page = kit.get(address).content.decode()
    assert page.count('<option value="phq_9" selected>') == 2
