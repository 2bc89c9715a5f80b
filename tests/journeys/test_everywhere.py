"""Axe finds nothing on any page, as it opens, unfolded, in the quiet room, and after each form came back.

A form comes back three ways: with what the browser finds in an empty one, with what the site finds in it, and
refused. Nothing that is pressed here is kept (H35, H40).
"""

from __future__ import annotations

import contextlib
import os
import re
from collections import deque
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.urls import resolve
from playwright.sync_api import Page as Screen
from playwright.sync_api import TimeoutError as NothingSent

from openkap.accounts import registry
from openkap.accounts.calls import Page
from openkap.kernel.refusal import Refused
from openkap.tenancy.context import inside
from tests.cast import NOW
from tests.harbour import someone
from tests.journeys.conftest import AXE
from tests.refusals import said

WHOLE = os.environ.get("OPENKAP_TEST_WHOLE") == "1"  # `make faults`: each page and form again as everybody
PEOPLE = ("sam", "okafor", "noor", "kit", "ada", "amara")
PAGES_AT_LEAST, FORMS_AT_LEAST = 60, 60
NOT_A_PAGE = re.compile(r"sign-out|\.pdf$|/live/$|/stream/$|\.json$")
LINK = re.compile(r"^/[^#]*$")
FOUND = """async () => (await axe.run(document)).violations.map(
  (it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`)"""
UNFOLDED = """() => {
  document.documentElement.dataset.theme = "quiet";
  for (const part of document.querySelectorAll("details")) part.open = true;
}"""
FORMS = """() => [...document.querySelectorAll('form[method="post"]')].map((form) => {
  const which = form.querySelector('[name="form"]');
  return [form.getAttribute("action") ?? "", which ? which.value : ""];
})"""
# Where a form stands folded away, it is opened first; then its own button is pressed, as by a finger.
PRESS = """([place, looked]) => {
  const form = document.querySelectorAll('form[method="post"]')[place];
  for (let at = form; at; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
    if (at instanceof HTMLDialogElement && !at.open) at.showModal();
  }
  window.isTheOneBefore = true;
  form.noValidate = !looked;
  const complete = form.checkValidity();
  if (!looked || !complete) form.requestSubmit();
  return complete;
}"""


def _kind(path: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|\d+", "#", path.split("?")[0])


class Walk:
    """Somebody's way through every kind of page, with axe at each state of it."""

    def __init__(self, screen: Screen, site: str, seen: set[str], forms: set[tuple[str, str]]) -> None:
        self.screen, self.site, self.seen, self.forms = screen, site, seen, forms
        self.told: dict[str, list[str]] = {}

    def walk(self) -> None:
        """From Today, along every link, one page of a kind."""
        waiting = deque(["/"])
        here: set[str] = set()
        while waiting:
            path = waiting.popleft()
            kind = _kind(path)
            if kind in here or NOT_A_PAGE.search(kind):
                continue
            here.add(kind)
            if self.open(path):
                waiting += [it for it in self.links() if LINK.match(it)]
                self.states(path, new=kind not in self.seen)
                self.seen.add(kind)

    def open(self, path: str) -> bool:
        """Whether it is a page."""
        answer = self.screen.goto(self.site + path, wait_until="load")
        return answer is not None and answer.status == 200 and "html" in answer.headers["content-type"]

    def links(self) -> list[str]:
        """Where the page leads."""
        return self.screen.eval_on_selector_all("a[href]", "all => all.map((a) => a.getAttribute('href'))")

    def states(self, path: str, *, new: bool) -> None:
        """As it opens and unfolded, where the kind is new; and each of its forms that was not met before."""
        forms = self.screen.evaluate(FORMS)
        if new or WHOLE:
            self.look(f"{path}")
            self.screen.evaluate(UNFOLDED)
            self.look(f"{path}, unfolded in the quiet room")
        for place, (action, which) in enumerate(forms):
            address = action or path
            if (_kind(address), which) in self.forms or _is_outside(address):
                continue
            self.forms.add((_kind(address), which))
            self.sent(path, place, f"{path}, its form {which} to {_kind(address)}")

    def sent(self, path: str, place: int, name: str) -> None:
        """An empty form as the browser finds it, and as the site answers it."""
        self.open(path)
        if not self.screen.evaluate(PRESS, [place, True]):
            self.look(f"{name}, empty")
        with contextlib.suppress(NothingSent):  # a form that the page itself holds back is looked at as it is
            with self.screen.expect_response(lambda it: it.request.method == "POST", timeout=3_000) as sent:
                self.screen.evaluate(PRESS, [place, False])
            if sent.value.request.is_navigation_request():
                self.screen.wait_for_function("window.isTheOneBefore === undefined")
                self.screen.wait_for_load_state()
        self.look(f"{name}, as it came back")

    def look(self, state: str) -> None:
        """What axe says of the page as it stands."""
        self.screen.evaluate(AXE.read_text(encoding="utf-8"))
        told = self.screen.evaluate(FOUND)
        if told:
            self.told[state] = told


def _is_outside(address: str) -> bool:
    """Whether it leads out of the clinic: signing in and out have journeys of their own."""
    return registry.grants_of(resolve(address.split("?")[0]).func)["POST"].outside_clinic


_answer, _numbers = Page.answer, count()


def _kept_by_nobody(self: Page, request, kwargs):
    """An act that would go through is refused, in several lines every other time: nothing of it is kept."""
    answer = _answer(self, request, kwargs)
    if request.method == "POST" and answer.status_code < 400:
        raise Refused(
            *[said(f"The clinic says no, and why, {number}.") for number in range(1 + next(_numbers) % 2)]
        )
    return answer


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page_in_any_state(visitor, site, site_clock, harbour_served, monkeypatch):
    """The trial: pages were looked over as they open, and a page with errors was nobody's."""
    site_clock.ahead = NOW + timedelta(minutes=1) - datetime.now(UTC)
    monkeypatch.setattr(Page, "answer", _kept_by_nobody)
    seen: set[str] = set()
    forms: set[tuple[str, str]] = set()
    told: dict[str, list[str]] = {}
    for who in PEOPLE:
        with inside(harbour_served, role="system"):
            actor = someone(harbour_served, who)
        walk = Walk(visitor(actor).page, site, seen, set() if WHOLE else forms)
        walk.walk()
        forms |= walk.forms
        told |= {f"{who}: {state}": it for state, it in walk.told.items()}
    assert told == {}
    assert len(seen) >= PAGES_AT_LEAST
    assert len(forms) >= FORMS_AT_LEAST
