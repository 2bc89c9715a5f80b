"""Getting in, as people do it: a link, a face or finger, and the page; on a phone, in a real browser.

Chromium's virtual authenticator is the device: it makes keys, keeps them, and says that it was its owner.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from openkap.accounts import actions
from openkap.accounts.events import InvitationAccepted
from openkap.accounts.models import FactorReset, User
from openkap.accounts.queries import entry_path
from openkap.audit.delivery import delivery_of
from openkap.audit.models import Event
from openkap.people import handlers
from openkap.people.models import Patient
from tests.cast import Committed

WORDS = "four calm words here"
OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def phone(visitor: Any) -> Callable[..., Any]:
    """Phones nobody has signed in with; each has a key store of its own, unless it can keep none."""

    def made(*, with_keys: bool = True) -> Any:
        one = visitor(None, width=390, height=844)
        if with_keys:
            link = one.page.context.new_cdp_session(one.page)
            link.send("WebAuthn.enable")
            link.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})
        else:
            one.page.add_init_script("delete window.PublicKeyCredential")
        return one

    return made


def _invited(committed: Committed, at: Any, *, mailed: bool = True) -> str:
    cast = committed.cast
    with committed.inside():
        row = actions.invite(email="june@example.org", name="June", role="nurse", by=cast.ada, at=at)
        return entry_path(row, mailed=mailed)


def _user() -> User:
    return User.objects.get(email="june@example.org")


def test_a_person_is_in_by_face_or_finger_within_a_minute_and_again_next_time(
    committed: Committed, phone: Any, site_clock: Any
) -> None:
    """The trial: a password asked for twice, and a QR code on the phone that should scan it."""
    here, began = phone(), time.monotonic()
    page = here.open(_invited(committed, site_clock.now()))
    page.get_by_role("button", name="Go on with my face, finger or device code").click()
    expect(page.get_by_role("heading", name="Codes for the day you lose it")).to_be_visible()
    assert page.locator("#codes li").count() == 10
    here.press("I have kept them, go on")
    expect(page.locator("h1")).to_contain_text("Today")
    assert time.monotonic() - began < 60
    with committed.inside():
        kinds = sorted(Authenticator.objects.filter(user=_user()).values_list("type", flat=True))
        assert kinds == ["recovery_codes", "webauthn"]
        assert not _user().has_usable_password()
    page.locator("[data-menu]").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    here.open("/alerts/")  # the way in leads to where one wanted to go
    page.get_by_role("button", name="With your face, finger or device code").click()
    expect(page.get_by_role("heading", name="Alerts")).to_be_visible()


def test_without_a_key_store_it_is_a_password_and_an_app_that_opens_by_a_tap(
    committed: Committed, phone: Any, site_clock: Any
) -> None:
    here = phone(with_keys=False)
    page = here.open(_invited(committed, site_clock.now()))
    expect(page.get_by_role("button", name="Go on with my face")).to_have_count(0)
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Go on with the password").click()
    reason = page.locator("[data-said] a", has_text="It is too short: at least 12 characters are needed.")
    expect(page.locator("[data-said]")).to_be_focused()
    reason.click()
    expect(page.get_by_label("Password")).to_be_focused()
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Go on with the password").click()
    page.get_by_role("link", name="Use an authenticator app").click()
    tap = page.get_by_role("link", name="Open it in my authenticator app").get_attribute("href") or ""
    assert tap.startswith("otpauth://totp/june%40example.org?")
    secret = re.search(r"secret=(\w+)", tap)
    assert secret is not None
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="It is right, go on").click()
    expect(page.get_by_text("This code or passkey is not the one.")).to_be_visible()
    counters = list(totp.yield_hotp_counters_from_time())
    code = totp.format_hotp_value(totp.hotp_value(secret[1], counters[len(counters) // 2]))
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="It is right, go on").click()
    here.press("I have kept them, go on")
    expect(page.locator("h1")).to_contain_text("Today")


def test_a_device_that_says_no_is_a_sentence_and_nothing_is_written(
    committed: Committed, phone: Any, site_clock: Any
) -> None:
    here = phone(with_keys=False)
    here.page.add_init_script(
        "window.PublicKeyCredential = function () {};"
        "navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    page = here.open(_invited(committed, site_clock.now()))
    page.get_by_role("button", name="Go on with my face, finger or device code").click()
    expect(page.get_by_text("nothing was changed. Try again, or use the other way below.")).to_be_visible()
    with committed.inside():
        assert not User.objects.filter(email="june@example.org").exists()


def test_a_passkey_is_the_second_factor_beside_a_password_and_says_once_more_who_it_is(
    committed: Committed, phone: Any, site_clock: Any
) -> None:
    """The passkey's buttons of these two pages did nothing: their scripts were empty."""
    here = phone()
    page = here.open(_invited(committed, site_clock.now()))
    page.get_by_text("Rather with a password").click()
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Go on with the password").click()
    page.get_by_role("button", name="Use my face, finger or device code").click()
    here.press("I have kept them, go on")
    page.locator("[data-menu]").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail").fill("june@example.org")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="With your face, finger or device code").click()
    expect(page.locator("h1")).to_contain_text("Today")
    here.open("/passkeys/")
    page.get_by_role("link", name="Take it away").click()
    page.get_by_role("button", name="With your face, finger or device code").click()
    expect(page.get_by_role("button", name="Take it away")).to_be_visible()


def test_who_lost_the_phone_is_vouched_for_and_makes_a_key_on_another(
    committed: Committed, visitor: Any, phone: Any, site_clock: Any
) -> None:
    """A passkey alone and no code kept: the clinic makes sure who asks, and a link lets a new one be made."""
    cast, lost = committed.cast, phone()
    with committed.inside():
        Patient.objects.filter(id=cast.amara.id).update(user_id=None)
        stamp = {"by": cast.kit, "at": site_clock.now()}
        row = actions.invite(
            email="amara@new.example", name="Amara", role="patient", patient_id=cast.amara.id, **stamp
        )
    lost.open(entry_path(row))
    lost.page.get_by_role("button", name="Go on with my face, finger or device code").click()
    expect(lost.page.locator("#codes li")).to_have_count(10)
    with committed.inside():
        accepted = Event.objects.get(verb="accounts.invitation_accepted")
        handlers.on_invitation_accepted(delivery_of(accepted, InvitationAccepted))
    lost.press("I have kept them, go on")
    expect(lost.page.get_by_role("heading", name="Amara")).to_be_visible()
    kit = visitor(cast.kit)
    page = kit.open(f"/patients/{cast.amara.id}/sign-in/")
    page.get_by_label("How you know that it is them").fill("Called back at the number on record.")
    kit.press("Send the link")
    expect(page.get_by_text("It is on its way to amara@new.example.")).to_be_visible()
    expect(page.locator("[data-copy]")).to_have_count(0)  # it alone lets in: nobody here sees it
    with committed.inside():
        path = entry_path(FactorReset.objects.get(), mailed=True)
    other = phone()
    other.open(path)
    other.page.get_by_role("button", name="Use my face, finger or device code").click()
    expect(other.page.locator("#codes li")).to_have_count(10)
    other.press("I have kept them, go on")
    lost.page.reload()
    expect(lost.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(other.open(path).get_by_text("This link can no longer be used")).to_be_visible()
