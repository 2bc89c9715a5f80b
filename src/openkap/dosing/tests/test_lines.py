"""The time-out is one list from the top: each line with its state, the next with the only strong button."""

from __future__ import annotations

import re

from django.urls import reverse

from openkap.dosing.reasons import DosingReason
from openkap.dosing.rules import lines
from openkap.dosing.tests.scene import Scene, scene
from openkap.watch.readings import DBP, SBP
from tests.cast import Cast

STRONG = re.compile(r'<(?:button|a) class="button"[^>]*>')


def _headings(page: str) -> list[str]:
    return re.findall(r'<h2 id="line-(\w+)"', page)


def test_what_stands_against_the_start_is_said_at_its_line():
    told = lines.by_line([DosingReason.ESCORT_MISSING(), DosingReason.CONSENT_MISSING()])
    assert [it.code for it in told["home"]] == ["ESCORT_MISSING"]
    assert [it.code for it in told["start"]] == ["CONSENT_MISSING"]
    assert lines.next_line(told) == "home"
    assert lines.next_line(lines.by_line([])) == "start"


def _time_out(here: Scene, browser) -> str:
    return browser.get(reverse("dosing:before", args=[here.session.id])).content.decode()


def test_the_lines_stand_in_order_and_only_the_next_is_strong(cast: Cast, client_as) -> None:
    page = _time_out(scene(cast, without="escort"), client_as(cast.sam))
    assert _headings(page) == [it for it in lines.LINES if f"line-{it}" in page]
    assert _headings(page)[-1] == "start"
    main = page.split("<main")[1]
    assert len(STRONG.findall(main)) == 1
    assert "not ready" in main
    assert 'href="#line-home"' in main


def test_a_decision_to_go_on_is_offered_to_whom_it_is_for(cast: Cast, client_as) -> None:
    """The trial: the prescriber's reason was asked of the nurse."""
    here = scene(cast)
    here.take({SBP: 152, DBP: 88}, minutes=0)
    assert "go on for this reason" not in _time_out(here, client_as(cast.sam))
    assert "go on for this reason" in _time_out(here, client_as(cast.okafor))
