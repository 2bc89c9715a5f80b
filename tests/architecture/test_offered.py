"""Only what a person may do is offered: every link, form and button of every page, pressed as every role.

A page offers by the grants of the addresses (`ui.offers`), and by the rules of the acts (`unless`). What is
pressed here neither leads to nothing nor is refused for what the page could have known (H40).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from html import unescape
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.db import transaction
from django.template import Context, Template
from django.urls import resolve

from openkap.accounts import registry
from openkap.accounts.calls import Page
from openkap.accounts.offering import NothingTakesIt, OffersTo
from openkap.dosing.tests.scene import scene
from openkap.kernel.refusal import Refused
from openkap.tenancy.context import inside
from openkap.ui.outage import NEVER_GIVEN_BACK
from tests.architecture.filling import Form, forms_of, words
from tests.architecture.reading import SOURCE
from tests.architecture.test_forms import TEMPLATES
from tests.cast import NOW, Cast
from tests.harbour import someone
from tests.refusals import said

# How many kinds of pages and of forms each of them meets at least: who meets fewer found a link less.
PEOPLE = {
    "okafor": (40, 35),
    "bello": (40, 35),
    "sam": (35, 30),
    "noor": (35, 25),
    "kit": (35, 12),
    "ada": (12, 10),
    "robin": (4, 0),
    "amara": (5, 2),
}
A_KIND = 2
LIKELY = {
    "decimal": "30",
    "numeric": "30",
    "number": "30",
    "tel": "+1 212 555 0100",
    "email": "somebody@example.org",
    "date": f"{NOW:%Y-%m-%d}",
    "datetime-local": f"{NOW:%Y-%m-%dT%H:%M}",
}
# Refused for what was typed, though no field is named.
TYPED = {"NOTHING_TYPED", "UNREADABLE"}


def _kind(address: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|\d+", "#", address.split("?")[0])


class Walk:
    """One person's way through every kind of page, pressing what each offers."""

    def __init__(self, browser, name: str) -> None:
        self.browser, self.name = browser, name
        self.waiting: list[tuple[str, str]] = [("/", "the start")]
        self.opened: dict[str, int] = {}
        self.pressed: set[tuple[str, ...]] = set()
        self.wrong: dict[str, str] = {}
        self.forms: set[str] = set()

    def walk(self) -> None:
        """Every page, a few of a kind."""
        while self.waiting:
            path, origin = self.waiting.pop(0)
            kind = _kind(path)
            if self.opened.get(kind, 0) >= A_KIND or "/sign-out/" in path:
                continue
            self.opened[kind] = self.opened.get(kind, 0) + 1
            answer = self.browser.get(path)
            if answer.status_code == 302:
                self.waiting.append((answer["Location"], path))
            elif answer.status_code != 200:
                self.wrong[f"{kind} is offered on {_kind(origin)}"] = str(answer.status_code)
            elif "text/html" in answer["Content-Type"]:
                self.look_at(path, answer.content.decode())

    def look_at(self, path: str, page: str) -> None:
        """Note its links, and press its buttons."""
        names = set(re.findall(r'\bid="([^"]*)"', page))
        for address in map(unescape, re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page)):
            if address.startswith(("/", "?")):
                here = path.split("?")[0] if address.startswith("?") else ""
                self.waiting.append((here + address.split("#")[0], path))
            elif not re.match(r"tel:|sms:|mailto:|https?:", address) and address[1:] not in names:
                self.wrong[f"the link {address!r} on {_kind(path)}"] = "leads nowhere"
        for target in re.findall(r'<button\b[^>]*data-(?:open|dialog)="([^"]*)"', page):
            if target not in names:
                self.wrong[f"a button on {_kind(path)}"] = f"opens {target}, which is not there"
        self.send_forms(path, page)

    def send_forms(self, path: str, page: str) -> None:
        """Every form of the clinic's, by each of its buttons; the sign-in has tests of its own."""
        for form in forms_of(page):
            if not form.buttons:
                self.wrong[f"the form to {_kind(form.action)} on {_kind(path)}"] = "has no button"
            if registry.grants_of(resolve(form.action.split("?")[0]).func)["POST"].outside_clinic:
                continue
            self.refuse(form, on=path)
            for address, added in form.buttons:
                which = (_kind(path), _kind(address), form.name, *sorted(added), *sorted(added.values()))
                if which not in self.pressed:
                    self.pressed.add(which)
                    self.press(address, form, added=added, on=path)

    def press(self, address: str, form: Form, *, added: dict[str, str], on: str) -> None:
        """As it stands, and filled in. What it did is undone."""
        lines = {name: self.typed(name, form.kinds[name]) for name in form.lines}
        for typed in (dict.fromkeys(lines, ""), {**form.chosen, **lines}):
            sent = {**form.hidden, **typed, **added, "once": str(uuid.uuid4())}
            cookies = self.browser.cookies.output(header="", sep=";")
            cache.clear()
            with transaction.atomic():
                answer = self.browser.post(address, sent, headers={"Accept": "application/json"})
                transaction.set_rollback(True)
            self.browser.cookies = SimpleCookie(cookies)
            for why in _why_not(answer):
                self.wrong[f"{_kind(address)} {form.name} {added} on {_kind(on)}"] = why

    def typed(self, name: str, kind: str) -> str:
        """What they would type there, as far as it can be known from outside."""
        return self.name if name == "typed_name" else LIKELY.get(kind, "Words for it.")

    def refuse(self, form: Form, *, on: str) -> None:
        """Filled in and refused: it comes back with the reason, said once, and with every word (H35)."""
        which = f"{_kind(form.action)} {form.name}"
        if which in self.forms or "hand-back" in which:
            return
        self.forms.add(which)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Page, "answer", _refusing)
            answer = self.browser.post(form.action, {**form.filled(), "once": str(uuid.uuid4())})
        page = unescape(answer.content.decode())
        lost = [it for it in form.lines if words(it) not in page and not NEVER_GIVEN_BACK.search(it)]
        if answer.status_code != 422 or page.count('id="refused"') != 1 or SAYS_NO not in page or lost:
            self.wrong[f"{which} on {_kind(on)}"] = f"refused: {answer.status_code}, without {lost}"


SAYS_NO = "The clinic says no, and why."


def _refusing(self: Page, request, kwargs):
    """Every act is refused; pages are shown as they are."""
    if request.method == "POST":
        raise Refused(said(SAYS_NO))
    return self.show(request, **kwargs)


def _why_not(answer) -> Iterator[str]:
    if answer.status_code in (409, 422):
        for it in answer.json()["objections"]:
            if not it["field"] and it["code"] not in TYPED:
                yield f"{it['code']}: {it['text']}"
    elif answer.status_code not in (200, 302):
        yield str(answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
def test_whatever_a_page_offers_somebody_can_be_used_by_them(client_as, harbour, who):
    """The trial: a coordinator was shown forms of the therapist and the nurse, and met a bare 404."""
    with inside(harbour, role="system"):
        actor = someone(harbour, who)
        walk = Walk(client_as(actor, proved=True), actor.name)
        walk.walk()
    pages, forms = PEOPLE[who]
    assert walk.wrong == {}
    assert len(walk.opened) >= pages
    assert len(walk.forms) >= forms


OUTSIDE = {
    "accounts/templates/accounts/factor_reset.html",
    "accounts/templates/accounts/factor_reset_key.html",
    "accounts/templates/accounts/invitation.html",
    "accounts/templates/accounts/invitation_known.html",
    "accounts/templates/accounts/no_place.html",
    "config/templates/demo/people.html",
    "desk/templates/desk/own.html",
    "ui/templates/ui/page.html",
    "ui/templates/ui/unavailable.html",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_page_decides_by_itself_who_may_and_every_form_asks_its_grant(path):
    """Forms of the sign-in, and the ways out, stand outside every clinic and ask no grant."""
    text, name = path.read_text(encoding="utf-8"), str(path.relative_to(SOURCE))
    assert re.findall(r"actor\.role\s*(?:==|!=|in\b)", text) == []
    if not name.startswith(("ui/templates/account/", "ui/templates/mfa/", "ui/templates/allauth/")):
        posting = re.findall(r'<form\b(?:[^>{]|\{%.*?%\}|\{\{.*?\}\})*method="post"', text)
        assert not posting or name in OUTSIDE


def _drawn(template: str, role: str, **more: object) -> str:
    context = Context({"offers": OffersTo(role), "belongs_to_nobody": True, **more})
    return Template("{% load ui %}" + template).render(context)


KEY = uuid.UUID(int=1)


def test_a_form_and_a_link_are_drawn_only_for_whom_their_address_lets_in():
    form = '{% form "dosing:unpair" key class="form" which="x" %}<button>Unpair</button>{% endform %}'
    link = '{% link "courses:withdraw_order" key class="button" %}Take it back{% endlink %}'
    part = '{% may "therapy:preparation" key method="POST" as ok %}{{ ok }}'
    drawn = _drawn(form, "nurse", key=KEY)
    assert f'action="/sessions/{KEY}/unpair/" class="form"' in drawn
    assert '<input type="hidden" name="form" value="x"><button>Unpair</button></form>' in drawn
    assert _drawn(form, "coordinator", key=KEY) == ""
    assert _drawn(link, "prescriber", key=KEY).endswith('class="button">Take it back</a>')
    assert _drawn(link, "nurse", key=KEY) == ""
    assert _drawn(part, "therapist", key=KEY) == "True"
    assert _drawn(part, "coordinator", key=KEY) == "False"


def test_a_page_cannot_offer_what_no_address_takes():
    with pytest.raises(NothingTakesIt):
        _drawn('{% form "dosing:room" key %}{% endform %}', "nurse", key=KEY)


def test_what_a_script_sends_that_is_not_theirs_is_refused_in_a_sentence(cast: Cast, client_as, once) -> None:
    """What a device keeps and sends must hear that it will never be taken, or it tries for ever (H23)."""
    session = scene(cast).session
    address, asking = f"/sessions/{session.id}/words/", {"Accept": "application/json"}
    answer = client_as(cast.kit).post(address, {"text": "She smiles.", "once": once()}, headers=asking)
    assert answer.status_code == 404
    assert "not yours to open" in answer.json()["objections"][0]["text"]
