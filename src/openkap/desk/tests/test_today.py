"""Today: who is due is on it, what is urgent stands first, and many courses cost no more than few (H34)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openkap.alerts import actions as alerts_actions
from openkap.courses import actions as courses_actions
from openkap.courses.models import PlannedSession
from openkap.desk import queries
from openkap.dosing.tests.scene import consented, course_of, screened
from openkap.kernel.ids import uuid7
from openkap.notices import actions as notices_actions
from openkap.notices.channels import email_to
from openkap.people import actions as people_actions
from openkap.people.models import Patient
from openkap.protocols import actions as protocols_actions
from openkap.ui import navigation
from openkap.watch import actions as watch_actions
from tests.cast import NOW, Cast
from tests.packs import BUNDLED
from tests.statements import StatementInATest

TODAY_QUERIES_MAX = 25


@pytest.fixture
def course(cast: Cast):
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    return courses_actions.open_course(
        cast.amara.id, pack_version_id=version.id, first_day=NOW.date(), per_week=2, by=cast.okafor, at=NOW
    )


def _person(cast: Cast, family: str, *, version, days: int) -> Patient:
    """Somebody in Sam's and Dr Okafor's care whose first dose is so many days ahead."""
    particulars = {"given_name": "P", "family_name": family, "birth_date": date(1980, 1, 1)}
    person = people_actions.register(particulars=particulars, by=cast.kit, at=NOW)
    for member in (cast.sam, cast.okafor):
        people_actions.add_to_care_team(person.id, membership_id=member.membership_id, by=cast.kit, at=NOW)
    day = NOW.date() + timedelta(days=days)
    courses_actions.open_course(
        person.id, pack_version_id=version.id, first_day=day, per_week=2, by=cast.okafor, at=NOW
    )
    return person


def test_who_is_due_is_there_whatever_their_name(cast: Cast, client_as, monkeypatch) -> None:
    """H34: the trial's list took the first sixty by name and then looked who was due."""
    monkeypatch.setattr(queries, "COURSES_ON_A_PAGE", 3)
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    far = [_person(cast, f"Aaa{number}", version=version, days=40 + number) for number in range(5)]
    due = _person(cast, "Zzz", version=version, days=0)
    okafor = client_as(cast.okafor)
    first = okafor.get("/").content.decode()
    mine, others = first.split("Waiting for a prescriber")[1].split("Other courses in your care")
    assert due.name in mine
    assert due.name not in others, "who is due stands once"
    assert "1 to 3 of 5" in others
    assert far[4].name not in first
    second = okafor.get("/?courses=2").content.decode()
    mine, others = second.split("Waiting for a prescriber")[1].split("Other courses in your care")
    assert "4 to 5 of 5" in others
    assert far[4].name in others
    assert due.name in mine


def test_what_is_far_ahead_is_not_what_the_day_is_about(cast: Cast) -> None:
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    days = {days: _person(cast, f"N{days}", version=version, days=days) for days in (0, 7, 8)}
    today = NOW.date()
    courses_actions.count_next_steps(today=today)
    near = {row.course.patient_id for row in queries.soon(cast.sam, today=today)}
    assert near == {days[0].id, days[7].id}
    overdue = {row.course.patient_id for row in queries.soon(cast.sam, today=today + timedelta(days=60))}
    assert overdue == {person.id for person in days.values()}
    assert not queries.soon(cast.eve, today=today)


@pytest.mark.parametrize("kind", ["alert", "message"])
def test_what_i_must_answer_stands_before_rooms_and_courses(cast: Cast, client_as, course, kind) -> None:
    """The trial: on a phone an alert about suicide was the last card, below rooms and all courses."""
    okafor = client_as(cast.okafor)
    assert "Yours to answer" not in okafor.get("/").content.decode()
    if kind == "alert":
        alerts_actions.raise_alert(
            cast.amara.id, kind="suicidality", says=StatementInATest.WORDS(words="Item nine"),
            owner_membership_id=cast.okafor.membership_id,
            cause=("assignment", uuid7()), severity="urgent", by=cast.kit, at=NOW,
        )  # fmt: skip
    else:
        notice = notices_actions.queue(
            kind="measure", to=email_to("amara@example.org"), link_path="/m/x/", patient_id=cast.amara.id,
            owner_membership_id=cast.okafor.membership_id, by=cast.kit, at=NOW,
        )  # fmt: skip
        type(notice).objects.filter(id=notice.id).update(state="failed")
    shown = okafor.get("/").content.decode().split("<main")[1]
    first = shown.index("Yours to answer")
    assert first < shown.index(cast.room.name)
    assert first < shown.index("Amara Osei</strong></a>")


def test_a_dose_whose_day_has_passed_says_so_wherever_it_stands(cast: Cast, client_as) -> None:
    """The trial: “Next: Dosing 3, Mon 23 Nov” on a Wednesday, and nothing said that the day had passed."""
    course = course_of(cast)
    PlannedSession.objects.filter(course=course, number=1).update(planned_on=NOW.date() - timedelta(days=1))
    okafor, amara = client_as(cast.okafor), client_as(cast.amara_herself)
    screened(cast, course)
    consented(cast)
    pages = ("/", f"/patients/{cast.amara.id}/", f"/courses/{course.id}/")
    for path in pages:
        assert "day has passed" in okafor.get(path).content.decode(), path
    own = amara.get("/me/").content.decode()
    assert "has not been held." in own
    assert "Call the clinic to agree on a new day." in own
    assert own.count("not held") == 1
    watch_actions.open_session(course.id, number=1, room_id=cast.room.id, by=cast.sam, at=NOW)
    today = okafor.get("/").content.decode()
    assert "day has passed" not in today, "she is in the room"
    assert "Session 1 is today." in amara.get("/me/").content.decode()
    PlannedSession.objects.filter(course=course, number=1).update(planned_on=NOW.date())
    for path in pages:
        assert "day has passed" not in okafor.get(path).content.decode(), path


def test_more_than_a_page_that_wait_are_counted_and_gone_on_with(cast: Cast, client_as, monkeypatch) -> None:
    monkeypatch.setattr(queries, "COURSES_ON_A_PAGE", 3)
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    waiting = [_person(cast, f"Due{number}", version=version, days=0) for number in range(5)]
    shown = client_as(cast.okafor).get("/?near=2").content.decode()
    mine = shown.split("Waiting for a prescriber")[1].split("Other courses")[0]
    assert "4 to 5 of 5" in mine
    assert waiting[4].name in mine
    assert waiting[0].name not in mine


def test_today_asks_no_more_for_many_courses(cast: Cast, client_as, monkeypatch) -> None:
    """The trial: 1,041 questions for sixty courses. Each list is longer than a page, so it is counted."""
    monkeypatch.setattr(queries, "COURSES_ON_A_PAGE", 3)
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    for number in range(12):
        _person(cast, f"Due{number}", version=version, days=number % 9)
    for actor in (cast.okafor, cast.sam):
        browser = client_as(actor)
        browser.get("/")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/")
        questions = [it["sql"] for it in asked if "SAVEPOINT" not in it["sql"]]
        assert len(questions) <= TODAY_QUERIES_MAX, questions


@pytest.mark.parametrize("who", ["kit", "okafor", "sam", "noor", "ada", "robin"])
def test_the_menu_has_seven_places_at_most_and_clinic_leads_to_the_rest(cast: Cast, client_as, who) -> None:
    """The trial: ten entries for a nurse, of which four are part of a day's work."""
    actor, browser = getattr(cast, who), client_as(getattr(cast, who))
    shown = browser.get("/clinic/").content.decode()
    menu = shown.split('<nav aria-label="Main">')[1].split("</nav>")[0]
    assert menu.count("<a ") <= navigation.MOST_PLACES
    assert menu.count("aria-current") == 1
    for entry in navigation.entries_for(actor.role):
        address = reverse(entry.url_name)
        assert f'href="{address}"' in (shown if entry.about else menu)
        answer = browser.get(address)
        assert answer.status_code == 200, address
        there = answer.content.decode().split('<nav aria-label="Main">')[1].split("</nav>")[0]
        current = "/clinic/" if entry.about else address
        assert f'href="{current}" aria-current="page"' in there


def test_a_patient_has_no_clinic_page(cast: Cast, client_as) -> None:
    assert client_as(cast.amara_herself).get("/clinic/").status_code == 404


def test_what_keeps_up_by_itself_is_what_the_page_began_with(cast: Cast, client_as) -> None:
    for who in (cast.kit, cast.okafor, cast.sam, cast.noor):
        browser = client_as(who)
        for whole, part in (("/", "/now/"), ("/dosing/", "/dosing/now/")):
            shown, now = browser.get(whole).content.decode(), browser.get(part).content.decode()
            assert f'data-refresh="{part}"' in shown
            assert now.strip() in shown
            assert (cast.room.name in now) == ((who, part) != (cast.kit, "/now/"))
    for who in (cast.ada, cast.robin, cast.amara_herself):
        assert client_as(who).get("/now/").status_code == 404
