"""The guarded route: who is let in, who is turned away, and what is written down of it."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import OperationalError
from django.test import Client, override_settings
from django.utils import timezone

from openkap.accounts import actions, registry
from openkap.accounts.links import Link, make_token
from openkap.accounts.models import Membership, Submission, User
from openkap.accounts.queries import entry_path
from openkap.audit.models import Event, Reading
from openkap.audit.queries import verify
from openkap.chart import queries as chart
from openkap.dosing.tests.scene import scene
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic
from tests.cast import NOW, Cast, found_clinic, people_of

WORDS = "a long enough sentence"


def _verbs() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("verb", flat=True))


def _lists(cast: Cast) -> str:
    return f"/patients/{cast.amara.id}/measurements/"


def test_every_url_is_declared_with_its_grants():
    """H40: an undeclared URL is no URL."""
    assert registry.undeclared() == []
    assert len(list(registry.patterns())) > 60


def test_nobody_comes_in_without_signing_in(cast: Cast) -> None:
    answer = Client().get(_lists(cast))
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_a_stranger_sees_what_one_sees_where_nothing_is(cast: Cast, client_as) -> None:
    """H40: what is not yours looks like what does not exist."""
    browser = client_as(cast.eve)
    there, nowhere = browser.get(_lists(cast)), browser.get(f"/patients/{uuid.uuid4()}/measurements/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    clean = lambda page: re.sub(rb'value="[^"]+"', b"", page.content)  # noqa: E731
    assert clean(there) == clean(nowhere)
    assert "accounts.request_denied" in _verbs()


def test_another_clinic_cannot_be_reached_by_its_keys(cast: Cast, client_as) -> None:
    """H40: the keys of one clinic open nothing in another."""
    other = found_clinic("Hill Clinic")
    with inside(other.id, role="system"):
        stranger = people_of(other)
    with inside(cast.clinic.id, role="system"):
        assert client_as(stranger.kit).get(_lists(cast)).status_code == 404


def test_without_a_second_factor_the_first_page_sets_one_up(cast: Cast, client_as) -> None:
    browser = client_as(cast.sam)
    Authenticator.objects.filter(user_id=cast.sam.user_id).delete()
    assert "/passkeys/add/" in browser.get(_lists(cast))["Location"]


def test_whoever_has_left_is_out_at_the_next_request(cast: Cast, client_as) -> None:
    """H40: access ends with the membership, on every device."""
    browser = client_as(cast.sam)
    assert browser.get(_lists(cast)).status_code == 200
    actions.end_membership(cast.sam.membership_id, why="moved away", by=cast.ada, at=NOW)
    assert browser.get(_lists(cast)).status_code == 403


@pytest.mark.parametrize(
    ("key", "back"), [("last_act", timedelta(minutes=31)), ("signed_in_at", timedelta(hours=13))]
)
def test_a_forgotten_screen_signs_itself_out(cast: Cast, client_as, key: str, back: timedelta) -> None:
    """H41: idle time and the absolute end of a sign-in."""
    browser = client_as(cast.sam)
    session = browser.session
    session["signed_in_at"] = session["last_act"] = timezone.now().isoformat()
    session[key] = (timezone.now() - back).isoformat()
    session.save()
    assert "/sign-in/" in browser.get(_lists(cast))["Location"]


def test_a_double_click_does_its_work_once(cast: Cast, client_as, once) -> None:
    """H05: the same form sent twice is one act, and both are answered alike."""
    browser, token = client_as(cast.okafor), once()
    typed = {
        "product": "racemic_iv",
        "name": "Ketamine",
        "strength_mg_per_ml": "10",
        "vial_ml": "20",
        "once": token,
    }
    first, second = browser.post("/formulary/", typed), browser.post("/formulary/", typed)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert _verbs().count("dispensary.stocked") == 1
    assert Submission.objects.count() == 1


def test_a_refusal_is_written_down_and_what_was_typed_is_still_there(cast: Cast, client_as, once) -> None:
    browser = client_as(cast.okafor)
    typed = {
        "product": "racemic_iv",
        "name": "Ketamine XY",
        "strength_mg_per_ml": "17",
        "vial_ml": "20",
        "once": once(),
    }
    answer = browser.post("/formulary/", typed)
    assert answer.status_code == 422
    assert b"not a usual strength" in answer.content
    assert b"Ketamine XY" in answer.content
    assert "accounts.request_refused" in _verbs()
    assert "dispensary.stocked" not in _verbs()


def test_reading_a_record_is_recorded(cast: Cast, client_as) -> None:
    browser = client_as(cast.sam)
    for open_it in (browser.get, browser.head):
        assert open_it(_lists(cast)).status_code == 200
    told = Reading.objects.order_by("seq").values_list("about_id", "patients", "by_id")
    assert list(told) == [(cast.amara.id, [cast.amara.id], cast.sam.user_id)] * 2
    assert verify(cast.clinic.id, "readings") == []


def test_a_lost_database_gives_back_what_was_typed(cast: Cast, client_as, monkeypatch, once) -> None:
    """H35: a clear sentence, nothing half-saved, and what was typed ready to be sent again."""
    browser = client_as(cast.okafor)

    def lost(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("openkap.dispensary.actions.stock", lost)
    typed = {
        "product": "racemic_iv",
        "name": "Kept <words>",
        "strength_mg_per_ml": "10",
        "vial_ml": "20",
        "once": once(),
    }
    answer = browser.post("/formulary/", typed)
    assert answer.status_code == 503
    assert b"does not answer" in answer.content
    assert b"Kept &lt;words&gt;" in answer.content
    assert b"Send it again" in answer.content


def test_pages_of_a_patient_are_never_kept_by_a_cache(cast: Cast, client_as) -> None:
    """H46: nothing of a record stays in the browser."""
    answer = client_as(cast.sam).get(_lists(cast))
    assert "no-store" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_times_are_shown_in_the_clinics_zone(cast: Cast, client_as) -> None:
    Clinic.objects.filter(id=cast.clinic.id).update(zone="Asia/Tokyo")
    browser = client_as(cast.ada)
    Membership.objects.filter(id=cast.sam.membership_id).update(since=NOW.replace(hour=22))
    assert b"Nov 25, 2026" in browser.get("/team/").content


def test_a_person_is_invited_chooses_a_password_and_sets_up_a_second_factor(
    cast: Cast, client_as, once
) -> None:
    browser = client_as(cast.ada)
    typed = {"name": "Lee Wong", "email": "lee@example.org", "role": "nurse", "once": once()}
    assert browser.post("/team/", typed).status_code == 302
    link = re.search(rb"http://testserver(/invitation/[^<\s]+)", browser.get("/team/").content)
    assert link is not None
    path, lee = link[1].decode(), Client()
    assert b"Harbour Clinic invites you" in lee.get(path).content
    weak = lee.post(path, {"name": "Lee Wong", "password": "short"})
    assert weak.status_code == 422
    done = lee.post(path, {"name": "Lee Wong", "password": WORDS})
    assert "/passkeys/add/" in done["Location"]
    assert b"can no longer be used" in Client().get(path).content


def test_an_invitation_changed_by_one_sign_opens_nothing(cast: Cast) -> None:
    by = cast.ada
    row = actions.invite(email="x@example.org", name="X", role="nurse", by=by, at=timezone.now())
    path = entry_path(row)
    assert Client().get(path[:-2] + "x/").status_code == 404


def test_the_lost_second_factor_asks_the_administrator_to_prove_themself(cast: Cast, client_as, once) -> None:
    browser = client_as(cast.ada, proved=False)
    path = f"/team/{cast.sam.membership_id}/second-factor/"
    asked = browser.post(path, {"why": "lost phone, seen in person", "once": once()})
    assert asked.status_code == 302
    assert "/sign-in/again/" in asked["Location"]


def test_a_patient_gets_a_sign_in_tied_to_their_record(cast: Cast, client_as, once) -> None:
    type(cast.amara).objects.filter(id=cast.amara.id).update(user_id=None)
    Membership.objects.filter(id=cast.amara_herself.membership_id).update(ended_at=NOW - timedelta(days=9))
    browser = client_as(cast.kit)
    path = f"/patients/{cast.amara.id}/sign-in/"
    browser.post(path, {"email": "amara@home.example", "once": once()})
    link = re.search(rb"http://testserver(/invitation/[^<\s]+)", browser.get(path).content)
    assert link is not None
    Client().post(link[1].decode(), {"name": "Amara Osei", "password": WORDS})
    from openkap.accounts.events import InvitationAccepted
    from openkap.audit.delivery import delivery_of
    from openkap.people import handlers

    event = Event.objects.filter(verb="accounts.invitation_accepted").get()
    handlers.on_invitation_accepted(delivery_of(event, InvitationAccepted))
    handlers.on_invitation_accepted(delivery_of(event, InvitationAccepted))
    cast.amara.refresh_from_db()
    assert cast.amara.user_id == User.objects.get(email="amara@home.example").id
    assert _verbs().count("people.sign_in_given") == 1


def test_nobody_signs_up_by_themselves(cast: Cast) -> None:
    assert b"Nobody signs up" in Client().get("/sign-in/closed/").content
    assert b"sign up" not in Client().get("/sign-in/").content.lower()


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_lost_password_tells_nobody_whether_the_address_is_known(cast: Cast) -> None:
    known = Client().post("/password/lost/", {"email": User.objects.get(id=cast.sam.user_id).email})
    unknown = Client().post("/password/lost/", {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    assert all("Amara" not in message.body for message in mail.outbox)


def test_the_chart_stays_closed_to_administrators_and_researchers(cast: Cast, client_as) -> None:
    for actor in (cast.ada, cast.robin):
        assert client_as(actor).get(_lists(cast)).status_code == 404
    assert chart.last_results(cast.amara.id) == {}


def test_a_person_signs_in_with_password_and_code(cast: Cast) -> None:
    """Both factors, through the pages; the secret lies sealed in the database."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.totp.internal import auth as totp

    user = User.objects.get(id=cast.sam.user_id)
    user.set_password(WORDS)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    assert secret not in str(Authenticator.objects.get(user=user, type="totp").data)
    browser = Client()
    wrong = browser.post("/sign-in/", {"login": user.email, "password": "not the password"})
    assert wrong.status_code == 200
    first = browser.post("/sign-in/", {"login": user.email, "password": WORDS})
    assert "/second-factor/" in first["Location"]
    assert "/sign-in/" in browser.get(_lists(cast))["Location"]
    counters = list(totp.yield_hotp_counters_from_time())
    code = totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))
    done = browser.post("/sign-in/second-factor/", {"code": code})
    assert done.status_code == 302
    assert browser.get(_lists(cast)).status_code == 200


def test_an_answer_that_is_an_error_keeps_nothing_of_what_its_view_did(cast: Cast, rf, client_as) -> None:
    """Attack K6: whatever a view wrote before it answered 400 or more is rolled back with it."""
    from django.http import HttpResponse

    from openkap.accounts.calls import Page
    from openkap.accounts.grants import staff
    from openkap.accounts.routes import guarded

    def view(request) -> HttpResponse:
        Clinic.objects.filter(id=cast.clinic.id).update(name="Written")
        return HttpResponse(status=int(request.GET["status"]))

    browser = client_as(cast.sam)
    for status, name in (
        (400, "Harbour Clinic"),
        (422, "Harbour Clinic"),
        (200, "Written"),
    ):
        request = rf.get(f"/?status={status}")
        request.session, request.user = browser.session, User.objects.get(id=cast.sam.user_id)
        assert guarded(Page(view), {"GET": staff})(request).status_code == status
        assert Clinic.objects.get(id=cast.clinic.id).name == name


@pytest.mark.parametrize("renews", [False, True])
def test_a_page_that_refreshes_itself_never_keeps_a_sign_in_awake(
    cast: Cast, client_as, renews: bool
) -> None:
    """H41: attack K6, and CVE-2026-25476: polling and streams are no act of the person."""
    it = scene(cast)
    browser = client_as(cast.sam)
    session = browser.session
    earlier = (timezone.now() - timedelta(minutes=20)).isoformat()
    session["signed_in_at"] = session["last_act"] = earlier
    session.save()
    names = [""] if renews else ["live/", "stream/"]
    for name in names:
        assert browser.get(f"/sessions/{it.session.id}/{name}").status_code == 200
    assert (browser.session["last_act"] != earlier) == renews


def test_a_link_made_for_one_thing_opens_nothing_else(cast: Cast) -> None:
    """H42: attack K6. A link to questions is no link to a check-in, though both are hers."""
    links = [grant.link for _, _, it in registry.patterns() for grant in registry.grants_of(it).values()]
    purposes = set(links) - {""}
    assert len(purposes) > 1
    for purpose in purposes:
        token = make_token(Link(cast.clinic.id, cast.amara.id, purpose, uuid.uuid4()))
        addresses = [
            route
            for route, _, callback in registry.patterns()
            for grant in registry.grants_of(callback).values()
            if grant.link and grant.link != purpose
        ]
        assert addresses
        for route in set(addresses):
            address = "/" + re.sub(r"<str:token>", token, re.sub(r"<int:\w+>", "1", route))
            assert Client().get(address).status_code in (404, 405), address
    assert _verbs().count("accounts.request_denied") >= 1
