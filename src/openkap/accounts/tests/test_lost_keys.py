"""Passkeys that stand alone: made by their owner, and replaced only by whom the clinic knows (H40, H41)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.test import Client, override_settings

from openkap.accounts import actions, forms
from openkap.accounts.actor import Actor
from openkap.accounts.models import FactorReset, User
from openkap.accounts.queries import open_resets
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast

KEY = {"id": "a key of a device", "clientExtensionResults": {}}
MADE = {"id": "the key of another device", "clientExtensionResults": {}}


def _sam(cast: Cast, *, password: str | None) -> User:
    user = User.objects.get(id=cast.sam.user_id)
    user.set_password(password)
    user.save()
    auth.WebAuthn.add(user, "Passkey", KEY)
    return user


def _reset(cast: Cast) -> FactorReset:
    return actions.vouch_for_lost_factor(cast.sam.membership_id, why="Seen in person", by=cast.ada, at=NOW)


def _drop(reset: FactorReset, cast: Cast, **told: Any) -> User:
    by = Actor.link(cast.clinic.id, cast.sam.name)
    return actions.drop_second_factor(reset.id, by=by, at=NOW, **told)


def test_whoever_has_no_password_is_let_back_in_by_mail_alone(cast: Cast) -> None:
    """H41: beside the link nothing is asked, so nobody who vouches may hold it."""
    user, reset = _sam(cast, password=None), _reset(cast)
    with override_settings(OPENKAP_MAIL_IS_SET_UP=True):
        assert [link for _, link in open_resets(NOW)] == [""]
        with pytest.raises(Refused) as refused:
            _drop(reset, cast, mailed=False, credential=MADE)
        assert refused.value.codes == ("ONLY_MAILED",)
        _drop(reset, cast, mailed=True, credential=MADE)
    [kept] = Authenticator.objects.filter(user=user)
    assert kept.data["credential"] == MADE
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_where_no_mail_can_go_out_the_link_is_handed_over(cast: Cast) -> None:
    _sam(cast, password=None)
    reset = _reset(cast)
    with override_settings(OPENKAP_MAIL_IS_SET_UP=False):
        [(_, link)] = open_resets(NOW)
        assert "/lost-factor/" in link
        _drop(reset, cast, mailed=False, credential=MADE)
    assert Authenticator.objects.get().data["credential"] == MADE


def test_a_key_never_takes_the_place_of_a_password(cast: Cast) -> None:
    """H40: who has a password gives it; a link and a new key are not enough."""
    _sam(cast, password="four calm words here")
    reset = _reset(cast)
    with pytest.raises(Refused) as refused:
        _drop(reset, cast, mailed=True, credential=MADE)
    assert refused.value.codes == ("PASSWORD_WRONG",)
    assert Authenticator.objects.get().data["credential"] == KEY


@pytest.mark.parametrize("verified", [True, False])
def test_a_key_counts_only_when_its_device_made_sure_that_it_was_its_owner(
    monkeypatch: pytest.MonkeyPatch, verified: bool
) -> None:
    """H40: a passkey is both factors, or it is none."""
    told = SimpleNamespace(is_user_verified=lambda: verified)
    monkeypatch.setattr(auth, "parse_registration_response", lambda credential: None)
    monkeypatch.setattr(auth, "complete_registration", lambda credential: told)
    form = forms.AcceptForm({"name": "June", "credential": '{"id": "x"}'})
    assert form.is_valid() is verified
    assert forms.KeyForm({"credential": '{"id": "x"}'}).is_valid() is verified


def test_a_name_alone_signs_nobody_in() -> None:
    form = forms.AcceptForm({"name": "June"})
    assert not form.is_valid()
    assert "password" in form.errors


def test_whoever_has_just_given_a_password_is_not_asked_for_it_again(cast: Cast) -> None:
    """The trial: “Confirm access” asked for the password set two seconds ago."""
    user = User.objects.get(id=cast.sam.user_id)
    user.set_password("four calm words here")
    user.save()
    browser = Client()
    done = browser.post("/sign-in/", {"login": user.email, "password": "four calm words here"})
    assert browser.get(done["Location"])["Location"].startswith("/passkeys/add/")
    assert browser.get("/passkeys/add/").status_code == 200
    auth.WebAuthn.add(user, "Passkey", KEY)
    again = browser.get("/passkeys/add/")
    assert again.status_code == 302
    assert again["Location"].startswith("/passkeys/again/")
