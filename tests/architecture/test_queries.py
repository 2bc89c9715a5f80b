"""How many questions a page asks: it stays within its budget, and does not ask more in a larger clinic."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openkap.accounts.actor import Actor
from openkap.alerts import actions as alerts_actions
from openkap.courses import actions as courses_actions
from openkap.courses.models import Course, PlannedSession
from openkap.kernel.ids import uuid7
from openkap.people import actions as people_actions
from openkap.protocols.models import PackVersion
from openkap.tenancy.context import inside
from tests.cast import NOW
from tests.harbour import someone
from tests.queries import counted, walked
from tests.statements import StatementInATest

BUDGET = 25
PEOPLE = ("kit", "okafor", "sam", "noor", "ada", "amara")
LISTS = (
    "/",
    "/patients/",
    "/dosing/",
    "/dosing/monitors/",
    "/alerts/",
    "/alerts/closed/",
    "/referrals/",
    "/find/?q=a",
    "/notices/",
    "/team/",
    "/devices/inbox/",
    "/readings/",
    "/duties/",
)
MORE_PEOPLE = 8


@pytest.mark.django_db
def test_no_page_asks_more_than_its_budget(client_as, harbour) -> None:
    asked: dict[str, int] = {}
    with inside(harbour, role="system"):
        courses_actions.count_next_steps(today=NOW.date())  # as every night
        for who in PEOPLE:
            for kind, _, count in walked(client_as(someone(harbour, who)), pages=80):
                asked[kind] = max(asked.get(kind, 0), len(count))
    assert len(asked) > 60
    over = {kind: count for kind, count in asked.items() if count > BUDGET}
    assert not over, "\n".join(f"{kind}: {count}" for kind, count in sorted(over.items()))


@pytest.mark.django_db
def test_no_list_asks_more_when_more_people_are_in_it(client_as, harbour) -> None:
    """Today asked seventeen questions a course, and took two seconds with sixty of them."""
    with inside(harbour, role="system"):
        browsers = {who: client_as(someone(harbour, who)) for who in PEOPLE[:-1]}

        def asked() -> dict[tuple[str, str], int]:
            counts = {}
            for who, browser in browsers.items():
                for path in LISTS:
                    with counted() as count:
                        answer = browser.get(path)
                    if answer.status_code == 200:
                        counts[who, path] = len(count)
            return counts

        asked()  # what a process reads once
        before = asked()
        _take_in(someone(harbour, "kit"), [someone(harbour, who) for who in ("okafor", "sam", "noor")])
        courses_actions.count_next_steps(today=NOW.date())
        after = asked()
    assert len(before) > 35
    assert {key: (before[key], after[key]) for key in before if after[key] > before[key]} == {}


def _take_in(kit: Actor, team: list[Actor]) -> None:
    """More people in treatment, each with a course, a plan and an alert."""
    version = PackVersion.objects.order_by("id").first()
    for number in range(MORE_PEOPLE):
        particulars = {
            "given_name": f"Extra{number}",
            "family_name": f"Person{chr(65 + number)}",
            "birth_date": date(1970, 1, 1 + number),
            "sex": "female",
            "pronouns": "",
            "phone": "+1 212 555 0199",
            "email": f"extra{number}@example.org",
        }
        person = people_actions.register(particulars=particulars, by=kit, at=NOW)
        for member in team:
            people_actions.add_to_care_team(person.id, membership_id=member.membership_id, by=kit, at=NOW)
        stamp = team[0].stamp(NOW)
        course = Course.objects.create(
            patient=person, pack_version=version, first_day=NOW.date(), per_week=2, **stamp
        )
        for place in (1, 2):
            day = NOW.date() + timedelta(days=3 * place)
            PlannedSession.objects.create(course=course, number=place, planned_on=day, **stamp)
        alerts_actions.raise_alert(
            person.id,
            kind="call",
            says=StatementInATest.WORDS(words="Call her."),
            owner_membership_id=team[0].membership_id,
            cause=("response", uuid7()),
            severity="soon",
            by=kit,
            at=NOW,
        )
