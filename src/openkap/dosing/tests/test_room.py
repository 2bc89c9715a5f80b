"""What the room shows of the person themself, so that the promises of the consent are kept at the bedside."""

from __future__ import annotations

import json
import re

from django.urls import reverse

from openkap.consent import actions as consent_actions
from openkap.dosing.tests.scene import beside, scene
from openkap.kernel.ids import uuid7
from openkap.people.models import CareTeamMember, Room
from openkap.watch.models import Mark, Session
from openkap.watch.plausibility import DBP, HEART_RATE, SBP, SPO2
from tests.cast import NOW, Cast
from tests.queries import counted


def test_her_choices_stand_on_the_page_of_the_room(cast: Cast, client_as) -> None:
    """Touch is what she chose, and no touch while she has chosen nothing; the consent says so."""
    room = reverse("dosing:room", kwargs={"session": scene(cast).session.id})
    assert "Touch: No touch (not chosen yet)" in client_as(cast.sam).get(room).content.decode()
    consent_actions.choose(cast.amara.id, values={"touch": "hand"}, by=cast.amara_herself, at=NOW)
    assert "Touch: A hand on mine, if I reach out" in client_as(cast.sam).get(room).content.decode()


def test_the_page_carries_its_first_answer_and_the_next_brings_what_changed(cast: Cast, client_as) -> None:
    """H33: the plot stands with the page; an answer of a session of hours is as short as one of minutes."""
    it = scene(cast)
    browser = client_as(cast.sam)
    page = browser.get(reverse("dosing:room", kwargs={"session": it.session.id})).content.decode()
    [carried] = re.findall(r'<script id="first-answer" type="application/json">(.*?)</script>', page)
    first = json.loads(carried)
    assert (first["series_minutes"], len(first["series"]["8867-4"])) == (None, 1)
    it.take({HEART_RATE: 81}, measured_at=it.later(-3))
    live = reverse("dosing:live", kwargs={"session": it.session.id})
    told = browser.get(live, {"seen": first["seen"]}).json()
    assert list(told["series_minutes"]) == ["8867-4"]
    assert [value for _, value in told["series"]["8867-4"]] == [81]
    assert {"tiles", "marks"} <= set(told["parts"])
    assert browser.get(live, {"seen": told["seen"]}).json()["series"] == {}


def test_the_board_asks_no_more_when_more_rooms_are_in_use(cast: Cast, client_as) -> None:
    it = scene(cast)
    it.start()
    it.session.refresh_from_db()
    browser, board = client_as(cast.sam), reverse("dosing:board")
    browser.get(board)
    with counted() as one_room:
        browser.get(board)
    beside(it, count=4)
    for number, session in enumerate(Session.objects.exclude(id=it.session.id)):
        room = Room.objects.get(id=it.session.room_id)
        room.id, room.name = uuid7(), f"Room {number + 10}"
        room.save(force_insert=True)
        Session.objects.filter(id=session.id).update(room=room)
        for member in CareTeamMember.objects.filter(patient=cast.amara):
            member.id, member.patient_id = uuid7(), session.patient_id
            member.save(force_insert=True)
    with counted() as five_rooms:
        page = browser.get(board).content.decode()
    assert page.count("Room 1") >= 4
    assert len(five_rooms) == len(one_room)


def test_what_is_open_stands_in_one_line_above_the_taps_the_gravest_first(cast: Cast, client_as) -> None:
    """H08. The trial: on a phone a Stop mark began below the screen, behind the taps."""
    it = scene(cast)
    it.start()
    browser, live = client_as(cast.sam), reverse("dosing:live", kwargs={"session": it.session.id})
    assert 'class="strip' not in browser.get(live).json()["parts"]["strip"]
    it.take({SBP: 205, DBP: 112}, minutes=5)
    it.take({SPO2: 80}, minutes=6)
    open_now = [mark for mark in Mark.objects.filter(session=it.session) if mark.closed_at is None]
    assert len(open_now) > 1
    strip = browser.get(live).json()["parts"]["strip"]
    gravest = browser.get(live).json()["marks"][0]
    assert f'class="strip {gravest["level"]}" href="#part-marks"' in strip
    assert f"{len(open_now)} marks open" in strip
    page = browser.get(reverse("dosing:room", kwargs={"session": it.session.id})).content.decode()
    assert strip.strip() in page.split('<footer class="taps">')[1]
