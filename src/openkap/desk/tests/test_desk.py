"""The day for each role, one person's chart, search, and the patient's own page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from openkap.alerts import actions as alerts_actions
from openkap.courses import actions as courses_actions
from openkap.desk import trend
from openkap.dosing.tests.scene import course_of, ordered, scene
from openkap.followup import actions as followup_actions
from openkap.followup import rules
from openkap.kernel.ids import uuid7
from openkap.notices import actions as notices_actions
from openkap.notices.channels import email_to
from openkap.people import actions as people_actions
from openkap.protocols import actions as protocols_actions
from openkap.watch import actions as watch_actions
from openkap.watch.models import Mark
from openkap.watch.plausibility import OXIMETER_PULSE, SPO2
from tests.cast import NOW, Cast
from tests.packs import BUNDLED
from tests.statements import StatementInATest

QUERIES_MAX = 70


@pytest.fixture
def course(cast: Cast):
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    return courses_actions.open_course(
        cast.amara.id, pack_version_id=version.id, first_day=NOW.date(), per_week=2, by=cast.okafor, at=NOW
    )


@pytest.mark.parametrize("role", ["kit", "okafor", "sam", "noor", "ada", "robin"])
def test_each_role_has_a_day_of_its_own(cast: Cast, course, client_as, role) -> None:
    actor = getattr(cast, role)
    answer = client_as(actor).get("/")
    assert answer.status_code == 200
    assert b"Today" in answer.content
    sees_people = role in ("kit", "okafor", "sam", "noor")
    assert (b"Amara Osei" in answer.content) == sees_people


def test_what_waits_for_an_answer_stands_on_the_day_and_in_the_navigation(cast: Cast, client_as) -> None:
    alerts_actions.raise_alert(
        cast.amara.id, kind="suicidality", says=StatementInATest.WORDS(words="Item nine"),
        owner_membership_id=cast.okafor.membership_id,
        cause=("assignment", uuid7()), severity="urgent", by=cast.kit, at=NOW,
    )  # fmt: skip
    mine, others = client_as(cast.okafor).get("/").content, client_as(cast.sam).get("/").content
    assert b"Item nine" in mine
    assert b"waiting for you" in mine
    assert b"Item nine" not in others


def test_what_could_not_be_sent_stands_on_its_owners_day(cast: Cast, client_as) -> None:
    """H34: no dead letter without a face, also when its owner never opens the notices."""
    notice = notices_actions.queue(
        kind="measure", to=email_to("amara@example.org"), link_path="/m/x/", patient_id=cast.amara.id,
        owner_membership_id=cast.okafor.membership_id, by=cast.kit, at=NOW,
    )  # fmt: skip
    type(notice).objects.filter(id=notice.id).update(state="failed")
    assert b"could not be sent" in client_as(cast.okafor).get("/").content
    assert b"could not be sent" not in client_as(cast.sam).get("/").content


def test_the_chart_says_what_comes_next_and_what_is_in_the_way(cast: Cast, course, client_as) -> None:
    page = client_as(cast.sam).get(f"/patients/{cast.amara.id}/").content
    assert b"Next: Screening signed" in page
    assert b"Allergies: not asked" in page
    assert b"no valid consent" in page


def test_the_chart_is_shut_to_whoever_does_not_care_for_the_person(cast: Cast, client_as) -> None:
    """H40."""
    for actor in (cast.eve, cast.ada, cast.robin, cast.amara_herself):
        assert client_as(actor).get(f"/patients/{cast.amara.id}/").status_code == 404


def test_the_chart_does_not_ask_the_database_for_ever(cast: Cast, course, client_as) -> None:
    browser = client_as(cast.sam)
    with CaptureQueriesContext(connection) as asked:
        browser.get(f"/patients/{cast.amara.id}/")
    assert len(asked) < QUERIES_MAX


def test_search_finds_only_people_in_ones_care(cast: Cast, client_as) -> None:
    assert b"Amara Osei" in client_as(cast.sam).get("/find/?q=osei").content
    assert b"Amara" not in client_as(cast.eve).get("/find/?q=osei").content
    assert b"Nobody in your care fits" in client_as(cast.eve).get("/find/?q=osei").content
    assert client_as(cast.kit).get("/find/?q=%27%3B--").status_code == 200


def test_the_patient_has_a_page_of_their_own_in_plain_words(cast: Cast, course, client_as) -> None:
    browser = client_as(cast.amara_herself)
    assert browser.get("/")["Location"] == "/me/"
    page = browser.get("/me/").content.decode()
    assert re.search("Good (morning|afternoon|evening), Amara", page)
    assert 'href="tel:988"' in page
    assert 'href="sms:988"' in page
    words = strip_tags(page).lower()  # a form's token is no word
    for word in ("PHQ", "dosing", "screening", "mg/kg", "finding"):
        assert word.lower() not in words


def test_the_rooms_name_nobody_outside_ones_care(cast: Cast, course, client_as) -> None:
    """H40: that a room is taken may be known, who is in it may not."""
    from openkap.watch import actions as watch_actions

    watch_actions.open_session(course.id, number=1, room_id=cast.room.id, by=cast.sam, at=NOW)
    assert b"Amara Osei" in client_as(cast.sam).get("/").content
    seen = client_as(cast.eve).get("/").content
    assert b"Amara" not in seen
    assert b"Somebody outside your care" in seen
    assert b"Amara" not in client_as(cast.eve).get("/dosing/").content


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 27)), min_size=1, max_size=12))
def test_every_score_is_drawn_inside_its_lane(points):
    moments = tuple((NOW + timedelta(days=day), Decimal(score)) for day, score in sorted(points))
    picture = trend.draw([trend.ScoreSeries("PHQ-9", 0, 27, moments)], doses=[NOW], visits=[])
    [lane] = picture.lanes
    assert all(trend.TOP <= dot.y <= trend.BOTTOM for dot in lane.dots)
    across = [dot.x for dot in (*lane.dots, *picture.doses, *picture.dates)]
    assert all(trend.LEFT_PERCENT <= x <= trend.RIGHT_PERCENT for x in across)
    assert len(lane.dots) == len(points)


def test_nothing_is_drawn_before_there_is_a_score():
    assert trend.draw([trend.ScoreSeries("PHQ-9", 0, 27, ())], doses=[NOW], visits=[]) is None


def test_a_list_that_is_cut_keeps_what_was_looked_for(cast: Cast, client_as) -> None:
    for number in range(55):
        particulars = {"given_name": "Ana", "family_name": f"Lim{number:02}", "birth_date": date(1980, 1, 1)}
        people_actions.register(particulars=particulars, by=cast.kit, at=NOW)
    kit = client_as(cast.kit)
    shown = kit.get("/patients/?q=Lim").content.decode()
    assert "1 to 50 of 55" in shown
    assert 'href="?q=Lim&amp;page=2"' in shown
    assert "Lim54" not in shown
    assert "Lim54" in kit.get("/patients/?q=Lim&page=2").content.decode()
    assert "Lim54" in kit.get("/patients/?q=Lim&page=99").content.decode()


def test_an_order_that_waits_for_a_second_signature_stands_on_the_day_of_who_can_give_it(
    cast: Cast, client_as
) -> None:
    """The trial: a prescriber's Today said “Nothing waits for your signature” while an order waited."""
    order = ordered(cast, course_of(cast), needs_second=True)
    bello, okafor = client_as(cast.bello), client_as(cast.okafor)
    shown = bello.get("/").content.decode()
    assert f'href="/orders/{order.id}/second/"' in shown
    assert "Nothing waits for your signature" not in shown
    assert f'href="/orders/{order.id}/second/"' not in okafor.get("/").content.decode()
    chart = bello.get(f"/patients/{cast.amara.id}/").content.decode()
    assert f'href="/orders/{order.id}/second/"' in chart


def test_the_chart_shows_the_marks_that_were_answered_and_by_whom(cast: Cast, client_as) -> None:
    it = scene(cast)
    it.start()
    it.take({SPO2: 86, OXIMETER_PULSE: 80}, minutes=5)
    mark = Mark.objects.filter(session=it.session).order_by("at").first()
    assert mark is not None
    kim = client_as(cast.okafor)
    assert "Oxygen by mask." not in kim.get(f"/patients/{cast.amara.id}/").content.decode()
    watch_actions.acknowledge_mark(mark.id, action="Oxygen by mask.", by=cast.sam, at=it.later(6))
    shown = kim.get(f"/patients/{cast.amara.id}/").content.decode()
    assert "Oxygen by mask." in shown
    assert str(mark.says) in shown
    assert cast.sam.name in shown


def test_the_chart_shows_what_was_said_on_the_phone_and_to_whom(cast: Cast, client_as) -> None:
    [first, *_] = followup_actions.plan(
        patient_id=cast.amara.id,
        course_id=uuid7(),
        session_id=uuid7(),
        left_at=NOW - timedelta(hours=3),
        by=cast.sam,
        at=NOW,
    )
    answers = {q.name: "no" for q in rules.questions_of(rules.CheckInKind(first.kind))}
    answers |= {"feeling": "not_well", "home": "yes"}
    stamp = {"by": cast.june, "at": NOW}
    followup_actions.answer(first.id, answers=answers, words="Very tired.", by_phone=True, **stamp)
    shown = client_as(cast.okafor).get(f"/patients/{cast.amara.id}/").content.decode()
    assert "on the phone to June Park" in shown
    assert "Very tired." in shown
    assert "Does not feel well" in shown
