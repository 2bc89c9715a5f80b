"""Whoever's name stands on a page was seen there, and the record says by whom (hazard H40)."""

from __future__ import annotations

import re

import pytest

from openkap.audit.models import Reading
from openkap.audit.queries import verify
from openkap.people.models import Patient
from openkap.tenancy.context import inside
from tests.architecture.test_urls import LINK
from tests.harbour import someone

PAGES_MAX = 90
PEOPLE = ("okafor", "sam", "noor", "kit", "ada", "robin", "amara")
# Pages of the clinic's people, where a patient who has a sign-in stands under the name of that sign-in.
OF_ACCOUNTS = ("/team/", "/duties/", "/places/", "/alerts/cover/")


def _kind(path: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|\d+", "#", path.split("?")[0])


def _pages(browser):
    """Every page one can reach: its address, its text, and the readings that opening it added."""
    waiting, kinds, opened = ["/", "/find/?q=a", "/patients/?q=o"], dict[str, int](), 0
    while waiting and opened < PAGES_MAX:
        path = waiting.pop(0)
        if kinds.get(_kind(path), 0) >= 2 or "/sign-out/" in path:
            continue
        kinds[_kind(path)] = kinds.get(_kind(path), 0) + 1
        opened += 1
        before = Reading.objects.count()
        answer = browser.get(path)
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            waiting += [link.decode().replace("&amp;", "&") for link in LINK.findall(answer.content)]
            yield path, answer.content.decode(), Reading.objects.filter(seq__gt=before)


@pytest.mark.django_db
def test_everybody_whose_name_stands_on_a_page_is_written_down(client_as, harbour) -> None:
    """Attack K2.4: lists, search, Today, alerts, rooms and referrals showed people to nobody's knowledge."""
    missed, told = [], set()
    with inside(harbour, role="system"):
        names = {f"{p.given_name} {p.family_name}": p.id for p in Patient.objects.all()}
        for who in PEOPLE:
            actor = someone(harbour, who)
            for path, text, readings in _pages(client_as(actor)):
                rows = list(readings)
                seen = {one for row in rows for one in row.patients}
                shown = {key for name, key in names.items() if name in text}
                if path not in OF_ACCOUNTS:
                    missed += [(who, path, str(key)) for key in shown - seen]
                told |= {row.page for row in rows if seen}
                assert {row.by_id for row in rows} <= {actor.user_id}
        assert verify(harbour, "readings") == []
    assert missed == []
    assert {"desk:today", "desk:search", "people:patients", "alerts:alerts", "dosing:board"} <= told
