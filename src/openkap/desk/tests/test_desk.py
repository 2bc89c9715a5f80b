"""The day for each role, one person's chart, search, and the patient's own page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from openkap.alerts import actions as alerts
from openkap.courses import actions as courses
from openkap.desk import trend
from openkap.kernel.ids import uuid7
from openkap.notices import actions as notices
from openkap.protocols import actions as protocols
from tests.cast import NOW, Cast

QUERIES_MAX = 70


@pytest.fixture
def course(cast: Cast):
    version = protocols.adopt("iv-depression-1", by=cast.okafor, at=NOW)
    return courses.open_course(
        cast.amara.id, pack_version_id=version.id, first_day=NOW.date(), per_week=2, by=cast.okafor, at=NOW
    )


@pytest.mark.parametrize("role", ["kit", "okafor", "sam", "noor", "ada", "robin"])
def test_each_role_has_a_day_of_its_own(cast: Cast, course, door_as, role) -> None:
    actor = getattr(cast, role)
    answer = door_as(actor).get("/")
    assert answer.status_code == 200
    assert b"Today" in answer.content
    sees_people = role in ("kit", "okafor", "sam", "noor")
    assert (b"Amara Osei" in answer.content) == sees_people


def test_what_waits_for_an_answer_stands_on_the_day_and_in_the_navigation(cast: Cast, door_as) -> None:
    alerts.raise_alert(
        cast.amara.id, kind="suicidality", text="Item nine", owner_membership_id=cast.okafor.membership_id,
        cause=("assignment", uuid7()), severity="urgent", by=cast.kit, at=NOW,
    )  # fmt: skip
    mine, others = door_as(cast.okafor).get("/").content, door_as(cast.sam).get("/").content
    assert b"Item nine" in mine
    assert b"waiting for you" in mine
    assert b"Item nine" not in others


def test_what_could_not_be_sent_stands_on_its_owners_day(cast: Cast, door_as) -> None:
    """H34: no dead letter without a face, also when its owner never opens the notices."""
    notice = notices.queue(
        kind="measure", to_email="amara@example.org", link_path="/m/x/", patient_id=cast.amara.id,
        owner_membership_id=cast.okafor.membership_id, by=cast.kit, at=NOW,
    )  # fmt: skip
    type(notice).objects.filter(id=notice.id).update(state="failed")
    assert b"could not be sent" in door_as(cast.okafor).get("/").content
    assert b"could not be sent" not in door_as(cast.sam).get("/").content


def test_the_chart_says_what_comes_next_and_what_is_in_the_way(cast: Cast, course, door_as) -> None:
    page = door_as(cast.sam).get(f"/patients/{cast.amara.id}/").content
    assert b"<strong>Screening signed</strong>" in page
    assert b"Allergies: not asked" in page
    assert b"no valid consent" in page


def test_the_chart_is_shut_to_whoever_does_not_care_for_the_person(cast: Cast, door_as) -> None:
    """H40."""
    for actor in (cast.eve, cast.ada, cast.robin, cast.amara_herself):
        assert door_as(actor).get(f"/patients/{cast.amara.id}/").status_code == 404


def test_the_chart_does_not_ask_the_database_for_ever(cast: Cast, course, door_as) -> None:
    browser = door_as(cast.sam)
    with CaptureQueriesContext(connection) as asked:
        browser.get(f"/patients/{cast.amara.id}/")
    assert len(asked) < QUERIES_MAX


def test_search_finds_only_people_in_ones_care(cast: Cast, door_as) -> None:
    assert b"Amara Osei" in door_as(cast.sam).get("/find/?q=osei").content
    assert b"Amara" not in door_as(cast.eve).get("/find/?q=osei").content
    assert b"Nobody in your care fits" in door_as(cast.eve).get("/find/?q=osei").content
    assert door_as(cast.kit).get("/find/?q=%27%3B--").status_code == 200


def test_the_patient_has_a_page_of_their_own_in_plain_words(cast: Cast, course, door_as) -> None:
    browser = door_as(cast.amara_herself)
    assert browser.get("/")["Location"] == "/me/"
    page = browser.get("/me/").content.decode()
    assert "Hello Amara" in page
    assert 'href="tel:988"' in page
    assert 'href="sms:988"' in page
    for word in ("PHQ", "dosing", "screening", "mg/kg", "finding"):
        assert word.lower() not in page.lower().replace("screening:screening", "")


def test_the_rooms_name_nobody_outside_ones_care(cast: Cast, course, door_as) -> None:
    """H40: that a room is taken may be known, who is in it may not."""
    from openkap.dosing import actions as dosing

    dosing.open_session(course.id, number=1, room_id=cast.room.id, by=cast.sam, at=NOW)
    assert b"Amara Osei" in door_as(cast.sam).get("/").content
    seen = door_as(cast.eve).get("/").content
    assert b"Amara" not in seen
    assert b"Somebody outside your care" in seen
    assert b"Amara" not in door_as(cast.eve).get("/dosing/").content


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 27)), min_size=1, max_size=12))
def test_every_score_is_drawn_inside_its_lane(points):
    moments = tuple((NOW + timedelta(days=day), Decimal(score)) for day, score in sorted(points))
    picture = trend.draw([trend.Series("PHQ-9", 0, 27, moments)], doses=[NOW], visits=[])
    [lane] = picture.lanes
    assert all(lane.top <= dot.y <= lane.bottom for dot in lane.dots)
    assert all(picture.left <= dot.x <= picture.right for dot in (*lane.dots, *picture.doses))
    assert len(lane.dots) == len(points)


def test_nothing_is_drawn_before_there_is_a_score():
    assert trend.draw([trend.Series("PHQ-9", 0, 27, ())], doses=[NOW], visits=[]) is None
