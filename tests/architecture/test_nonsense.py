"""Every form of every page takes nonsense in every field, and answers it: never with a fault of ours."""

from __future__ import annotations

import os
import random
import re
import uuid
from collections import Counter
from html.parser import HTMLParser
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.db import transaction

from openkap.tenancy.context import inside
from tests.architecture.reading import SOURCE
from tests.architecture.test_urls import LINK
from tests.harbour import someone

PAGES_MAX = 90
NONSENSE = (
    str(uuid.UUID(int=7)),
    "a\x00b",
    "9" * 400,
    "-1",
    "NaN",
    "1e999999",
    "2026-02-31T25:61",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59",
    "0001-01-01T00:00:00Z",
    "\ud7ff\u202e𝕏" * 50,
    "x" * 60_000,
)

PEOPLE = ("okafor", "sam", "noor", "kit", "ada", "amara")
WHOLE = bool(os.environ.get("OPENKAP_TEST_WHOLE"))
A_FIELD = len(NONSENSE) if WHOLE else 1
SEED = 5
LEFT_OUT = {"csrfmiddlewaretoken", "once"}


class Forms(HTMLParser):
    """The forms of a page: where each is sent, and what its fields hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._chosen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method", "").lower() == "post":
            self.found.append((told.get("action", ""), {}))
        elif self.found and told.get("name"):
            fields, name = self.found[-1][1], told["name"]
            unset = told.get("type") in ("checkbox", "radio") and "checked" not in told
            if not unset or name not in fields:
                fields[name] = told.get("value", "on" if told.get("type") == "checkbox" else "")
            self._chosen = name if tag == "select" else ""
        elif tag == "option" and self.found and self._chosen and "selected" in told:
            self.found[-1][1][self._chosen] = told.get("value", "")


def _kind(path: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|\d+", "#", path.split("?")[0])


def _walked(browser, seen: dict) -> None:
    """Every page one can reach, and its forms, by kind of address."""
    waiting, kinds, opened = ["/"], dict[str, int](), 0
    while waiting and opened < PAGES_MAX:
        path = waiting.pop(0)
        if kinds.get(_kind(path), 0) >= 2 or "/sign-out/" in path:
            continue
        kinds[_kind(path)] = kinds.get(_kind(path), 0) + 1
        opened += 1
        answer = browser.get(path)
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            text = answer.content.decode()
            waiting += [link.decode().replace("&amp;", "&") for link in LINK.findall(answer.content)]
            forms = Forms()
            forms.feed(text)
            for action, fields in forms.found:
                seen.setdefault((_kind(action), frozenset(fields)), (action, fields))


def _browser_of(who: str, clinic_id, client_as):
    actor = someone(clinic_id, who)
    browser = client_as(actor, proved=True)
    browser.raise_request_exception = False
    return browser


def _post(browser, cookies, action: str, sent: dict[str, str]) -> int:
    """Send, look at the answer's number, and put everything back."""
    browser.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    cache.clear()
    if "once" in sent:
        sent["once"] = str(uuid.uuid4())
    with transaction.atomic():
        status = browser.post(action, sent).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.django_db
def test_no_field_of_any_form_is_answered_with_a_fault(client_as, harbour) -> None:
    """Attack K5.6: a null character or a key of nothing was a fault of ours.

    Each form once, by the first who sees it; some of the nonsense for each field, all of it in `make faults`.
    """
    chance, faults, statuses = random.Random(SEED), [], Counter[int]()
    done: set[object] = set()
    with inside(harbour, role="system"):
        for who in PEOPLE:
            browser, seen = _browser_of(who, harbour, client_as), dict[tuple, tuple]()
            _walked(browser, seen)
            cookies = browser.cookies
            for action, fields in [form for kind, form in seen.items() if kind not in done]:
                for name in sorted(fields.keys() - LEFT_OUT):
                    for text in chance.sample(NONSENSE, A_FIELD):
                        status = _post(browser, cookies, action, {**fields, name: text})
                        statuses[status] += 1
                        if status >= 500:
                            faults.append((status, action, name, text[:20]))
            done |= seen.keys()
    assert faults == []
    assert len(done) > 60
    assert statuses[422] > statuses.total() / 3


def test_days_and_moments_are_read_by_fields_that_know_a_life() -> None:
    """A year nobody lives in breaks what is reckoned with it: only `ui.fields` reads a day or a moment."""
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if path.name != "fields.py" and re.search(r"forms\.Date(Time)?Field\(", path.read_text("utf-8"))
    ]
    assert found == []
