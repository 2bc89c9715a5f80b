"""Every page holds when its words are two fifths longer, as German or Spanish makes them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta

import pytest

from openkap.tenancy.context import inside
from tests import pseudo
from tests.cast import NOW
from tests.harbour import someone

LINK = re.compile(r"^/[^#]*$")
PAGES_MAX = 40
WIDTHS = (390, 1024, 1440)
WHOLE = os.environ.get("OPENKAP_TEST_WHOLE") == "1"  # `make faults`: everybody's pages
PEOPLE = ("sam", "okafor", "ada", "amara", *(("noor", "kit") if WHOLE else ()))
# What reaches beyond the screen, or lies over a neighbour's words inside the same row of buttons or chips.
BROKEN = """async () => {
  // A page answers a new width before its next frame; measured sooner, the old drawing is measured.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const wide = document.documentElement.clientWidth;
  const apart = ".visually-hidden, dialog, svg, .skip, input";
  const clipped = (node) => node
    && (getComputedStyle(node).clipPath !== "none" || clipped(node.parentElement));
  const scrolls = (node) => {
    for (let at = node.parentElement; at; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  const seen = [...document.querySelectorAll("body *")].filter((node) => {
    const box = node.getBoundingClientRect();
    const shown = box.width > 1 && box.height > 1 && getComputedStyle(node).visibility !== "hidden";
    return shown && !node.closest(apart) && !clipped(node);
  });
  const beyond = seen.filter((node) => node.getBoundingClientRect().right > wide + 1 && !scrolls(node));
  const cut = seen.filter((node) => /hidden|clip/.test(getComputedStyle(node).overflowX)
    && node.scrollWidth > node.clientWidth + 1 && !node.children.length);
  const words = (node) => node.textContent.trim().slice(0, 50);
  const told = (why) => (node) => `${why}: ${node.tagName} class="${node.className}" ${words(node)}`;
  return [...beyond.slice(0, 3).map(told("beyond the screen")), ...cut.slice(0, 3).map(told("cut off"))];
}"""


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_breaks_when_its_words_are_longer(
    visitor, site, site_clock, harbour_served, monkeypatch, who
):
    """The nurse's phone, the desk's screen and the wide one, in the language nobody speaks."""
    site_clock.ahead = NOW + timedelta(minutes=1) - datetime.now(UTC)  # the moment the clinic was filled at
    with inside(harbour_served, role="system"):
        actor = someone(harbour_served, who)
    pseudo.speak(monkeypatch)
    page = visitor(actor).page
    waiting, seen, kinds, broken = ["/"], set(), set(), {}
    while waiting and len(seen) < PAGES_MAX:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|\d+", "#", path.split("?")[0])
        if kind in kinds or "sign-out" in kind or kind.endswith((".pdf", "/summary/", "/live/", "/stream/")):
            continue
        kinds.add(kind)
        seen.add(path)
        answer = page.goto(site + path, wait_until="domcontentloaded")
        if (
            answer is None
            or answer.status != 200
            or "text/html" not in answer.headers.get("content-type", "")
        ):
            continue
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            told = page.evaluate(BROKEN)
            if told:
                broken[f"{kind} at {width}"] = told
        links = page.eval_on_selector_all("a[href]", "all => all.map((a) => a.getAttribute('href'))")
        waiting += [it for it in links if LINK.match(it)]
    assert broken == {}
    assert len(seen) >= 4
