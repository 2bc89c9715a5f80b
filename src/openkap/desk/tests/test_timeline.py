"""A person's chart tells everything that happened, in order, and one kind of it alone; with its tabs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import strip_tags

from openkap.chart import actions as chart_actions
from openkap.chart.models import ListKind
from openkap.chart.queries import last_results
from openkap.config.installed import manifests
from openkap.courses import actions as courses_actions
from openkap.dosing.tests.scene import course_of, ordered, scene
from openkap.people.models import Patient
from openkap.tenancy.context import inside
from openkap.ui import timeline
from openkap.ui.timeline import TimelineEntry, TimelineKind
from tests.cast import NOW, Cast
from tests.harbour import someone

LISTED = re.compile(r'<ul class="timeline">(.*?)</ul>', re.DOTALL)
TABS = re.compile(r'<nav class="tabs".*?</nav>', re.DOTALL)


def _chart(browser: Client, patient: Patient, query: str = "") -> str:
    return browser.get(f"/patients/{patient.id}/{query}").content.decode()


def _told(page: str) -> str:
    return " ".join(strip_tags(" ".join(LISTED.findall(page))).split())


def _add(cast: Cast, text: str, *, kind: ListKind = ListKind.MEDICINE):
    return chart_actions.add_entry(cast.amara.id, kind=kind, text=text, by=cast.sam, at=NOW)


def test_every_app_that_has_something_to_tell_is_asked():
    named = {f"{app}.{told}" for app, manifest in manifests().items() for told in manifest.timeline}
    assert set(timeline.names()) == named
    assert {kind for manifest in manifests().values() for kind in manifest.timeline.values()} == set(
        TimelineKind
    )


def test_what_happened_last_stands_first_and_one_kind_can_be_asked_for(monkeypatch):
    early, late = NOW - timedelta(days=2), NOW
    told = {
        "a": (TimelineKind.VISITS, lambda key: [TimelineEntry(early, "visit"), TimelineEntry(late, "talk")]),
        "b": (TimelineKind.SCORES, lambda key: [TimelineEntry(NOW - timedelta(days=1), "score")]),
    }
    monkeypatch.setattr(timeline, "_offered", told)
    every = timeline.of(Patient().id)
    assert [line.entry.title for line in every.lines] == ["talk", "score", "visit"]
    assert every.counts == ((TimelineKind.VISITS, 2), (TimelineKind.SCORES, 1))
    assert every.every == 3
    visits = timeline.of(Patient().id, shown="visits")
    assert [line.entry.title for line in visits.lines] == ["talk", "visit"]
    assert visits.every == 3
    for nothing in ("", "doses", "<b>", "VISITS"):
        assert timeline.of(Patient().id, shown=nothing).shown is None


def test_everything_of_a_treated_person_stands_in_her_chart(client_as, harbour) -> None:
    with inside(harbour, role="system"):
        amara, browser = Patient.objects.get(given_name="Amara"), client_as(someone(harbour, "noor"))
        page = _chart(browser, amara)
        for words in (
            "Session 2, 36 mg given",
            "Highest systolic pressure",
            "Went home at",
            "Preparation, 60 min, in person",
            "PHQ-9 14",
            "18 the time before",
            "Check-in: the day after",
            "Allergy: Latex",
            "Body weight 72 kg",
            "Consent signed, version 1",
            "Screening signed: eligible",
            "Order for session 3: 36 mg",
            "Course opened",
        ):
            assert words in _told(page), words
        doses = _told(_chart(browser, amara, "?show=doses"))
        assert "Session 2, 36 mg given" in doses
        assert "Allergy: Latex" not in doses


def test_a_long_chart_goes_on_and_keeps_the_kind(client_as, cast: Cast) -> None:
    for number in range(45):
        _add(cast, f"Vitamin {number:02}")
    browser = client_as(cast.sam)
    page = _chart(browser, cast.amara, "?show=lists")
    assert "1 to 40 of 45" in page
    assert "?show=lists&amp;entries=2" in page
    assert "Vitamin 00" in _told(_chart(browser, cast.amara, "?show=lists&entries=2"))


def test_what_proved_wrong_is_struck_through_with_the_reason_and_never_gone(client_as, cast: Cast) -> None:
    """Hazard H39."""
    entry = _add(cast, "Sertraline 500 mg")
    chart_actions.void_entry(entry.id, why="It is 50 mg.", by=cast.sam, at=NOW)
    order = ordered(cast, course_of(cast))
    courses_actions.withdraw_order(order.id, why="The other arm.", by=cast.okafor, at=NOW)
    page = _chart(client_as(cast.sam), cast.amara)
    assert "<s>Medicine: Sertraline 500 mg</s>" in page
    assert "taken back: It is 50 mg." in page
    assert "<s>Order for session 1: " in page
    assert "taken back: The other arm." in page


def test_a_voided_value_is_told_apart_from_what_was_measured_with_it(client_as, harbour) -> None:
    with inside(harbour, role="system"):
        amara, sam = Patient.objects.get(given_name="Amara"), someone(harbour, "sam")
        weight = last_results(amara.id)["29463-7"]
        chart_actions.void_result(weight.id, why="The wrong scale.", by=sam, at=NOW)
        page = _chart(client_as(sam), amara, "?show=values")
        assert "<s>Body weight 72 kg</s>" in page
        assert "taken back: The wrong scale." in page
        assert last_results(amara.id)["29463-7"].id != weight.id


def test_a_running_dose_and_a_session_without_one_are_told_as_they_are(client_as, cast: Cast) -> None:
    it = scene(cast)
    browser = client_as(cast.sam)
    assert "Session 1, no dose yet ● in session" in _told(_chart(browser, cast.amara))
    it.start()
    assert "Session 1, the dose runs ● in session" in _told(_chart(browser, cast.amara))


@pytest.mark.parametrize(("who", "least"), [("kit", 9), ("okafor", 9), ("sam", 9), ("noor", 9)])
def test_every_tab_of_a_chart_opens_for_whoever_is_shown_it_and_says_where_one_is(
    client_as, cast: Cast, who: str, least: int
) -> None:
    browser = client_as(getattr(cast, who))
    course_of(cast)
    [tabs] = TABS.findall(_chart(browser, cast.amara))
    addresses = re.findall(r'href="([^"]+)"', tabs)
    assert len(addresses) >= least
    for address in addresses:
        page = browser.get(address, follow=True)
        assert page.status_code == 200
        [again] = TABS.findall(page.content.decode())
        [standing] = re.findall(r'href="([^"]+)" aria-current="page"', again)
        assert standing == address


def test_a_patient_has_no_tabs_of_a_chart(client_as, cast: Cast) -> None:
    assert not TABS.findall(
        client_as(cast.amara_herself).get(f"/patients/{cast.amara.id}/consent/").content.decode()
    )


def test_without_a_course_the_tabs_say_what_comes_before_one(client_as, cast: Cast) -> None:
    browser = client_as(cast.noor)
    for path in ("course", "therapy"):
        page = browser.get(f"/patients/{cast.amara.id}/{path}/", follow=True)
        assert "Screening comes first" in page.content.decode()
