"""Today and the board of rooms keep up by themselves, and say so when they cannot (H07, H34)."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session as SignIn
from playwright.sync_api import Page, expect

from openkap.alerts import actions as alerts_actions
from openkap.dosing.tests.scene import course_of
from openkap.kernel.ids import uuid7
from openkap.watch import actions as watch_actions
from tests.cast import Committed
from tests.statements import StatementInATest

NEXT_MS = 11_000  # a part is asked for anew every ten seconds


def _later(*pages: Page) -> None:
    for page in pages:
        page.clock.fast_forward(NEXT_MS)


def test_who_comes_into_a_room_and_what_must_be_answered_appears_without_a_reload(
    committed: Committed, visitor: Any, site_clock: Any
) -> None:
    cast, at = committed.cast, site_clock.now()
    with committed.inside():
        course = course_of(cast)
    today, board = visitor(cast.sam), visitor(cast.noor, width=390, height=844)
    for one in (today, board):
        one.page.clock.install()
    day, rooms = today.open("/"), board.open("/dosing/")
    expect(day.get_by_text("Yours to answer")).to_have_count(0)
    expect(rooms.locator(".tag.due")).to_have_count(0)
    with committed.inside():
        watch_actions.open_session(course.id, number=1, room_id=cast.room.id, by=cast.sam, at=at)
        alerts_actions.raise_alert(
            cast.amara.id, kind="suicidality", says=StatementInATest.WORDS(words="Item nine"),
            owner_membership_id=cast.sam.membership_id, cause=("assignment", uuid7()), severity="urgent",
            by=cast.kit, at=at,
        )  # fmt: skip
    _later(day, rooms)
    expect(rooms.locator(".tag.due")).to_be_visible()
    expect(day.get_by_text("Item nine")).to_be_visible()
    expect(day.locator("[data-refresh-note]")).to_be_hidden()
    rooms.route("**/dosing/now/", lambda route: route.abort())
    _later(rooms)
    expect(rooms.get_by_text("Not live since")).to_be_visible()
    expect(rooms.locator(".tag.due")).to_be_visible()
    rooms.unroute("**/dosing/now/")
    _later(rooms)
    expect(rooms.locator("[data-refresh-note]")).to_be_hidden()
    with committed.inside():
        SignIn.objects.all().delete()
    _later(rooms)
    expect(rooms.get_by_text("Screen not live: it was signed out.")).to_be_visible()
