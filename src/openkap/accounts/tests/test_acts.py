"""What a URL does runs once; after a refusal its page is shown, with every reason and what was typed."""

from __future__ import annotations

import pytest
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client

from openkap.accounts.calls import ClinicRequest
from openkap.accounts.grants import anyone, clinical_staff
from openkap.accounts.routes import outside, route
from openkap.audit.models import Event
from openkap.config import urls
from openkap.kernel.refusal import Refused
from openkap.tenancy.models import Clinic
from openkap.ui.pages import page
from openkap.ui.typed import bound, line, read, sent
from tests.cast import Cast
from tests.refusals import said

RAN: list[str] = []


class WordsForm(forms.Form):
    """Some words and a number."""

    words = forms.CharField(max_length=40)
    number = forms.IntegerField()


def _page(request: ClinicRequest, **kwargs: object) -> HttpResponse:
    RAN.append("show")
    return page(request, "accounts/refused.html", {"back": "/"})


def _form_page(request: ClinicRequest, **kwargs: object) -> HttpResponse:
    RAN.append("show")
    form = bound(request, "first", WordsForm)
    said = [one.text for one in request.refusal.objections] if getattr(request, "refusal", None) else []
    return HttpResponse(f"{form.as_p()}{said}")


def _refuses(request: ClinicRequest, **kwargs: object) -> HttpResponse:
    RAN.append("do")
    read(bound(request, "first", WordsForm))
    Clinic.objects.filter(id=request.actor.clinic_id).update(name="Written")
    raise Refused(said("First reason."), said("Second reason."))


def _does(request: ClinicRequest, **kwargs: object) -> HttpResponse:
    RAN.append("do")
    read(bound(request, "first", WordsForm))
    return redirect("/")


def _line_refused(request: ClinicRequest) -> HttpResponse:
    RAN.append(f"do {line(request, 'why')} {sent(request, 'button')}")
    raise Refused(said("First reason."))


def _leads_away(request: ClinicRequest, **kwargs: object) -> HttpResponse:
    return redirect("/elsewhere/")


def _cannot_be_shown(request: ClinicRequest, **kwargs: object) -> HttpResponse:
    raise Refused(said("Not even this page."))


class TokenForm(forms.Form):
    """A mark that the page carries and nobody types, beside what is typed."""

    seen = forms.CharField(widget=forms.HiddenInput)
    words = forms.CharField()


def _token_refused(request: ClinicRequest) -> HttpResponse:
    read(bound(request, "hidden", TokenForm))
    raise Refused(said("First reason."))


def _token_page(request: ClinicRequest) -> HttpResponse:
    bound(request, "hidden", TokenForm)
    return page(request, "accounts/refused.html", {"back": "/"})


FORMS = {"first": _refuses, "other": _does}
staff = clinical_staff
urlpatterns = [
    *urls.urlpatterns,
    route("forms/", name="forms", show=_form_page, do=FORMS, get=staff, post=staff),
    route("one/", name="first", show=_form_page, do=_refuses, get=staff, post=staff),
    route("bare/", name="bare", do=_line_refused, post=staff),
    route("away/", name="away", show=_leads_away, do=_line_refused, get=staff, post=staff),
    route("broken/", name="broken", show=_cannot_be_shown, do=_line_refused, get=staff, post=staff),
    route("hidden/", name="hidden", show=_token_page, do=_token_refused, get=staff, post=staff),
    route("listed/", name="listed", show=_page, do=_line_refused, get=staff, post=staff),
]
handler404 = urls.handler404
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _anew() -> None:
    RAN.clear()


def test_a_refused_act_ran_once_and_its_page_comes_back_with_every_reason(cast: Cast, client_as) -> None:
    """H35: nothing runs twice, nothing is kept of what was refused, and nothing typed is gone."""
    typed = {"form": "first", "words": "Long <words>", "number": "7"}
    answer = client_as(cast.sam).post("/forms/", typed)
    page = answer.content.decode()
    assert (answer.status_code, RAN) == (422, ["do", "show"])
    assert "First reason." in page
    assert "Second reason." in page
    assert "Long &lt;words&gt;" in page
    assert Clinic.objects.get(id=cast.clinic.id).name == "Harbour Clinic"
    assert Event.objects.filter(verb="accounts.request_refused").count() == 1


def test_what_cannot_be_read_comes_back_at_its_field_and_is_no_refusal(cast: Cast, client_as) -> None:
    answer = client_as(cast.sam).post("/one/", {"words": "kept", "number": "seven"})
    assert (answer.status_code, RAN) == (422, ["do", "show"])
    assert 'value="seven"' in answer.content.decode()
    assert "A whole number, such as 12." in answer.content.decode()
    assert not Event.objects.filter(verb="accounts.request_refused").exists()


@pytest.mark.parametrize("typed", [{}, {"form": "third", "words": "kept"}])
def test_a_form_the_page_does_not_know_is_said_and_nothing_runs(cast: Cast, client_as, typed) -> None:
    answer = client_as(cast.sam).post("/forms/", typed)
    assert (answer.status_code, RAN) == (422, ["show"])
    assert "no such form any more" in answer.content.decode()


def test_a_form_that_was_sent_elsewhere_is_not_read_here(cast: Cast, client_as) -> None:
    """The act behind “other” reads a form the request does not carry: a sentence, and no fault of ours."""
    answer = client_as(cast.sam).post("/forms/", {"form": "other", "words": "kept", "number": "1"})
    assert (answer.status_code, RAN) == (422, ["do", "show"])
    assert "no such form any more" in answer.content.decode()


def test_a_script_is_told_the_reasons_of_both_kinds(cast: Cast, client_as) -> None:
    """The outbox of the dosing room reads sentences; it never gets a page, and nothing is drawn for it."""
    browser, json = client_as(cast.sam), {"HTTP_ACCEPT": "application/json"}
    refused = browser.post("/one/", {"words": "kept", "number": "7"}, **json)
    unread = browser.post("/one/", {"words": "kept", "number": "seven"}, **json)
    assert [one["text"] for one in refused.json()["objections"]] == ["First reason.", "Second reason."]
    assert [(one["code"], one["field"]) for one in unread.json()["objections"]] == [("UNREADABLE", "number")]
    assert (refused.status_code, unread.status_code) == (422, 422)
    assert RAN == ["do", "do"]


@pytest.mark.parametrize("address", ["/bare/", "/listed/", "/away/", "/broken/"])
def test_what_was_typed_beside_a_button_is_listed_and_the_button_is_not(
    cast: Cast, client_as, address: str
) -> None:
    answer = client_as(cast.sam).post(address, {"why": "Two <long> words", "button": "pressed-it"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert RAN[0] == "do Two <long> words pressed-it"
    assert "Two &lt;long&gt; words" in page
    assert "pressed-it" not in page
    assert "First reason." in page


def test_a_mark_the_page_carries_is_not_given_back_as_typed(cast: Cast, client_as) -> None:
    answer = client_as(cast.sam).post("/hidden/", {"seen": "0123abcd-mark", "words": "Two words"})
    assert answer.status_code == 422
    assert "Two words" in answer.content.decode()
    assert "0123abcd-mark" not in answer.content.decode()


def test_nobody_who_may_not_act_makes_anything_run(cast: Cast, client_as) -> None:
    assert client_as(cast.amara_herself).post("/one/", {"words": "x", "number": "1"}).status_code == 404
    assert Client().post("/one/", {"words": "x", "number": "1"}).status_code == 302
    assert RAN == []


@pytest.mark.parametrize(
    "declared",
    [
        {"show": _form_page},
        {"get": staff},
        {"show": _form_page, "do": _does, "get": staff},
        {"show": _form_page, "get": staff, "post": staff},
    ],
)
def test_a_url_says_what_shows_it_what_it_does_and_who_may(declared) -> None:
    with pytest.raises(ValueError, match="URL"):
        route("x/", name="x", **declared)


def test_no_page_of_a_clinic_is_declared_as_outside_of_it() -> None:
    with pytest.raises(ValueError, match="outside"):
        outside("x/", _form_page, name="x", get=staff)
    assert outside("x/", _form_page, name="x", get=anyone)
