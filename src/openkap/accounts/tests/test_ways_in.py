"""The ways in: every one passes the second factor, is limited, and is written down."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from openkap.accounts import actions, registry
from openkap.accounts.actor import Actor
from openkap.accounts.links import FACTOR_RESET, INVITATION, EntryLink
from openkap.accounts.models import FactorReset, Invitation, Membership, User
from openkap.accounts.places import places_of
from openkap.accounts.queries import entry_path
from openkap.audit.models import Event
from openkap.kernel.refusal import Refused
from openkap.tenancy.context import inside
from tests.cast import NOW, Cast, found_clinic, people_of

WORDS = "four calm words here"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def no_earlier_tries(db: None) -> Iterator[None]:
    """Limits count over requests, and so over tests."""
    cache.clear()
    yield
    cache.clear()


def _user(actor: Actor) -> User:
    """The person, with a password, a proved address and a second factor."""
    user = User.objects.get(id=actor.user_id)
    user.set_password(WORDS)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    if not Authenticator.objects.filter(user=user).exists():
        totp.TOTP.activate(user, totp.generate_totp_secret())
    return user


def _code(user: User) -> str:
    secret = totp.TOTP(Authenticator.objects.get(user=user, type="totp")).instance.data["secret"]
    from allauth.mfa.utils import decrypt

    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(decrypt(secret), counters[len(counters) // 2]))


def _invited(cast: Cast, email: str, *, role: str = "nurse", mailed: bool = False) -> tuple[Invitation, str]:
    row = actions.invite(email=email, name="June", role=role, by=cast.ada, at=timezone.now())
    return row, entry_path(row, mailed=mailed)


def _events(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


# --- invitations -----------------------------------------------------------------------------


def test_an_invitation_never_signs_a_known_person_in_by_their_password(cast: Cast) -> None:
    """H40: attack K1.1. An invitation shown to whoever wrote it opened everything with the password alone."""
    okafor = _user(cast.okafor)
    row, path = _invited(cast, okafor.email, role="administrator")
    browser = Client()
    assert b"Sign in with your password and your second factor" in browser.get(path).content
    answer = browser.post(path, {"name": okafor.name, "password": WORDS})
    assert answer.status_code == 200
    assert "_auth_user_id" not in browser.session
    row.refresh_from_db()
    assert row.accepted_at is None


def test_an_invitation_is_no_place_to_try_passwords(cast: Cast) -> None:
    """Attack K1.2: right and wrong passwords are answered alike, because neither is looked at."""
    okafor = _user(cast.okafor)
    _, path = _invited(cast, okafor.email, role="administrator")
    clean = lambda page: re.sub(rb'value="[^"]+"', b"", page.content)  # noqa: E731
    right, wrong = (Client().post(path, {"name": "x", "password": text}) for text in (WORDS, "a wrong one"))
    assert (right.status_code, clean(right)) == (wrong.status_code, clean(wrong))


def test_a_known_person_accepts_once_both_factors_are_given(cast: Cast) -> None:
    okafor = _user(cast.okafor)
    row, path = _invited(cast, okafor.email, role="administrator")
    browser = Client()
    first = browser.post(f"/sign-in/?next={path}", {"login": okafor.email, "password": WORDS})
    assert "/second-factor/" in first["Location"]
    assert b"Accept</button>" not in browser.get(path).content
    done = browser.post(first["Location"], {"code": _code(okafor)})
    assert done["Location"] == path
    assert b"Accept</button>" in browser.get(path).content
    assert browser.post(path)["Location"] == "/places/"
    row.refresh_from_db()
    assert row.accepted_at is not None
    assert browser.post(path).status_code == 422


def test_somebody_else_who_is_signed_in_cannot_accept_it(cast: Cast, client_as) -> None:
    okafor = _user(cast.okafor)
    _, path = _invited(cast, okafor.email, role="administrator")
    sam = client_as(cast.sam)
    assert b"Sign out first" in sam.get(path).content
    refused = sam.post(path)
    assert refused.status_code == 422
    assert b"This invitation is for" in refused.content


def test_a_sign_in_that_is_asleep_accepts_nothing(cast: Cast, client_as) -> None:
    """H41: idle time holds here too."""
    _user(cast.okafor)
    browser = client_as(cast.okafor)
    session = browser.session
    session["signed_in_at"] = session["last_act"] = (timezone.now() - timedelta(hours=2)).isoformat()
    session.save()
    _, path = _invited(cast, User.objects.get(id=cast.okafor.user_id).email, role="administrator")
    assert b"Sign in with your password" in browser.post(path).content


def test_a_link_handed_over_proves_no_address_and_a_mailed_one_does(cast: Cast) -> None:
    """Attack K1.5: an administrator accepts his own invitation in another's name."""
    _, path = _invited(cast, "newdoc@harbour.example")
    Client().post(path, {"name": "The administrator", "password": "the password of another"})
    newdoc = User.objects.get(email="newdoc@harbour.example")
    totp.TOTP.activate(newdoc, totp.generate_totp_secret())
    assert not EmailAddress.objects.get(user=newdoc).verified
    row, mailed = _invited(cast, "newdoc@harbour.example", role="prescriber", mailed=True)
    stranger = Client()
    stranger.force_login(newdoc, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert b"Rather with a password" in Client().get(mailed).content
    done = Client().post(mailed, {"name": "New Doc", "password": WORDS})
    assert "/passkeys/add/" in done["Location"]
    newdoc.refresh_from_db()
    assert newdoc.check_password(WORDS)
    assert EmailAddress.objects.get(user=newdoc).verified
    assert not Authenticator.objects.filter(user=newdoc).exists()
    assert stranger.get("/places/").status_code == 302
    row.refresh_from_db()
    assert row.accepted_at is not None


def test_nobody_makes_a_handed_link_into_a_mailed_one(cast: Cast) -> None:
    row, path = _invited(cast, "x@example.org")
    assert path != entry_path(row, mailed=True)
    other_purpose = EntryLink(row.clinic_id, FACTOR_RESET, row.id).path.rsplit("/", 2)[1]
    assert Client().get(f"/invitation/{other_purpose}/").status_code == 404
    other_end = "B/" if path.endswith("A/") else "A/"
    assert Client().get(path[:-2] + other_end).status_code == 404
    assert Client().get(EntryLink(row.clinic_id, INVITATION, uuid.uuid4()).path).status_code == 404


# --- a lost second factor --------------------------------------------------------------------


def _vouched(cast: Cast, actor: Actor, *, by: Actor | None = None) -> FactorReset:
    by = by or cast.ada
    return actions.vouch_for_lost_factor(actor.membership_id, why="Seen in person", by=by, at=timezone.now())


def test_a_clinic_that_vouches_takes_nothing_away(cast: Cast, client_as, once) -> None:
    """Attack K1.3: the second factor of a shared person fell at one clinic's word."""
    sam = _user(cast.sam)
    answer = client_as(cast.ada).post(
        f"/team/{cast.sam.membership_id}/second-factor/", {"why": "by phone, known voice", "once": once()}
    )
    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=sam).count() == 1
    assert _events("accounts.factor_reset_vouched") == 1


def test_the_person_lets_it_fall_with_link_and_password_and_every_sign_in_ends(cast: Cast, client_as) -> None:
    sam, browser = _user(cast.sam), client_as(cast.sam)
    path = entry_path(_vouched(cast, cast.sam), mailed=True)
    assert browser.get("/").status_code == 200
    assert b"Let the lost factor fall" in Client().get(path).content
    assert Client().post(path, {"password": WORDS})["Location"] == "/sign-in/"
    assert not Authenticator.objects.filter(user=sam).exists()
    assert "/sign-in/" in browser.get("/")["Location"]
    assert b"can no longer be used" in Client().get(path).content
    assert Client().post(path, {"password": WORDS}).status_code == 422
    assert _events("accounts.second_factor_dropped") == 1


def test_the_password_behind_the_link_is_limited_and_recorded(cast: Cast) -> None:
    sam = _user(cast.sam)
    path = entry_path(_vouched(cast, cast.sam), mailed=True)
    answers = [Client().post(path, {"password": f"a wrong one {n}"}) for n in range(7)]
    assert {answer.status_code for answer in answers} == {422}
    assert b"not the password" in answers[0].content
    assert b"Too many" in answers[-1].content
    assert Client().post(path, {"password": WORDS}).status_code == 422
    assert Authenticator.objects.filter(user=sam).exists()


def test_a_person_of_two_clinics_is_not_weakened_by_a_link_one_of_them_hands_over(cast: Cast) -> None:
    """Attack K1.3: clinic B's administrator may hold the link; with the password it is still not enough."""
    sam = _user(cast.sam)
    other = found_clinic("Hill Clinic")
    with inside(other.id, role="system"):
        hill = people_of(other)
        membership = actions.join(sam, role="nurse", by=hill.ada, at=NOW)
        reset = actions.vouch_for_lost_factor(membership.id, why="says so", by=hill.ada, at=timezone.now())
        by = Actor.link(other.id, sam.name)
        drop = {"password": WORDS, "by": by, "at": timezone.now()}
        with pytest.raises(Refused, match="another clinic"):
            actions.drop_second_factor(reset.id, mailed=False, **drop)
        assert Authenticator.objects.filter(user=sam).exists()
        actions.drop_second_factor(reset.id, mailed=True, **drop)
        assert _events("accounts.second_factor_dropped") == 1
    assert not Authenticator.objects.filter(user=sam).exists()
    assert _events("accounts.second_factor_dropped") == 1


def test_a_new_word_for_a_person_takes_the_place_of_the_one_before(cast: Cast) -> None:
    _user(cast.sam)
    first, second = _vouched(cast, cast.sam), _vouched(cast, cast.sam)
    assert b"can no longer be used" in Client().get(entry_path(first)).content
    assert b"Let the lost factor fall" in Client().get(entry_path(second)).content
    with pytest.raises(Refused) as refused:
        actions.vouch_for_lost_factor(cast.ada.membership_id, why=" ", by=cast.ada, at=NOW)
    assert {it.code for it in refused.value.objections} == {"NOT_FOR_ONESELF", "HOW_KNOWN_MISSING"}


def test_the_link_of_a_person_who_has_left_opens_nothing(cast: Cast) -> None:
    _user(cast.sam)
    reset = _vouched(cast, cast.sam)
    actions.end_membership(cast.sam.membership_id, why="left", by=cast.ada, at=NOW)
    assert places_of(cast.sam.user_id, at=timezone.now()) == []
    answer = Client().post(entry_path(reset, mailed=True), {"password": WORDS})
    assert answer.status_code == 422
    assert Authenticator.objects.filter(user_id=cast.sam.user_id).exists()


# --- a lost password, a new address ----------------------------------------------------------


@override_settings(EMAIL_BACKEND=LOCMEM)
def test_a_lost_password_is_found_again_by_the_link_in_the_mail(cast: Cast) -> None:
    """Attack K1.6: the mail held the letters UID and KEY instead of a link."""
    sam = _user(cast.sam)
    Client().post("/password/lost/", {"email": sam.email})
    (message,) = mail.outbox
    link = re.search(r"https?://[^\s/]+(/password/new/\S+)", message.body)
    assert link is not None
    browser = Client()
    page = browser.get(link[1])
    set_it = page["Location"]
    assert browser.get(set_it).status_code == 200
    typed = {"password1": "five calm words right here", "password2": "five calm words right here"}
    assert browser.post(set_it, typed).status_code == 302
    sam.refresh_from_db()
    assert sam.check_password("five calm words right here")
    assert "_auth_user_id" not in browser.session
    assert Authenticator.objects.filter(user=sam).exists()
    again = Client()
    assert again.post(again.get(link[1]).get("Location") or link[1], typed).status_code in (200, 302)
    sam.refresh_from_db()
    assert sam.check_password("five calm words right here")


@override_settings(EMAIL_BACKEND=LOCMEM)
def test_the_mail_names_no_machine_and_an_unknown_address_gets_none(cast: Cast) -> None:
    sam = _user(cast.sam)
    Client().post("/password/lost/", {"email": sam.email}, headers={"host": "127.0.0.1"})
    Client().post("/password/lost/", {"email": "nobody@example.org"})
    (message,) = mail.outbox
    assert "127.0.0.1" not in message.body + message.subject
    assert "[" not in message.subject
    assert "sign up" not in message.body


@override_settings(EMAIL_BACKEND=LOCMEM)
def test_a_new_password_by_mail_proves_the_address_and_drops_what_a_stranger_set_up(cast: Cast) -> None:
    sam = _user(cast.sam)
    EmailAddress.objects.filter(user=sam).update(verified=False)
    Client().post("/password/lost/", {"email": sam.email})
    link = re.search(r"https?://[^\s/]+(/password/new/\S+)", mail.outbox[0].body)
    assert link is not None
    browser = Client()
    typed = {"password1": "five calm words right here", "password2": "five calm words right here"}
    browser.post(browser.get(link[1])["Location"], typed)
    assert EmailAddress.objects.get(user=sam).verified
    assert not Authenticator.objects.filter(user=sam).exists()


@pytest.mark.parametrize("proved", [True, False])
@override_settings(EMAIL_BACKEND=LOCMEM)
def test_an_address_changes_only_by_a_link_mailed_to_the_new_one(cast: Cast, client_as, proved: bool) -> None:
    sam, old = _user(cast.sam), User.objects.get(id=cast.sam.user_id).email
    EmailAddress.objects.filter(user=sam).update(verified=proved)
    browser = client_as(cast.sam)
    browser.post("/sign-in/again/", {"password": WORDS})
    assert browser.get("/address/").status_code == 200
    browser.post("/address/", {"email": "sam.new@example.org", "action_add": ""})
    sam.refresh_from_db()
    assert sam.email == old
    message = next(it for it in mail.outbox if it.to == ["sam.new@example.org"])
    link = re.search(r"https?://[^\s/]+(/address/\S+/)", message.body)
    assert link is not None
    browser.post(link[1])
    sam.refresh_from_db()
    assert sam.email == "sam.new@example.org"
    assert {it.email for it in EmailAddress.objects.filter(user=sam)} == {"sam.new@example.org"}
    assert any(it.to == [old] for it in mail.outbox) == proved


def test_an_address_is_changed_only_by_somebody_who_has_just_proved_who_they_are(
    cast: Cast, client_as
) -> None:
    _user(cast.sam)
    browser = client_as(cast.sam, proved=False)
    answer = browser.post("/address/", {"email": "sam.new@example.org", "action_add": ""})
    assert "/sign-in/again/" in answer["Location"]
    assert not EmailAddress.objects.filter(email="sam.new@example.org").exists()


# --- the sign-in library's own pages, limits, signing out -------------------------------------

OWN_PAGES = ("/password/", "/second-factor/", "/passkeys/", "/address/", "/second-factor/codes/")


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.parametrize(
    ("key", "back"), [("last_act", timedelta(minutes=31)), ("signed_in_at", timedelta(hours=13))]
)
def test_the_pages_of_a_sign_in_end_with_it(
    cast: Cast, client_as, path: str, key: str, back: timedelta
) -> None:
    """H41: attack K1.8."""
    _user(cast.sam)
    browser = client_as(cast.sam)
    session = browser.session
    session["signed_in_at"] = session["last_act"] = timezone.now().isoformat()
    session[key] = (timezone.now() - back).isoformat()
    session.save()
    answer = browser.get(path)
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def _fail(browser: Client, user: User, times: int) -> None:
    for n in range(times):
        browser.post("/sign-in/", {"login": user.email, "password": f"a wrong one {n}"})


def _signs_in(browser: Client, user: User) -> bool:
    answer = browser.post("/sign-in/", {"login": user.email, "password": WORDS})
    return answer.status_code == 302 and "/second-factor/" in answer["Location"]


def test_a_stranger_cannot_lock_a_nurse_out_of_the_browser_she_works_with(cast: Cast) -> None:
    """H35, H40: the limit on wrong passwords counts a known browser's tries apart."""
    sam, tablet = _user(cast.sam), Client()
    assert _signs_in(tablet, sam)
    tablet.post("/sign-in/second-factor/", {"code": _code(sam)})
    assert "openkap_device" in tablet.cookies
    tablet.post("/sign-out/")
    _fail(Client(), sam, 6)
    assert not _signs_in(Client(), sam)
    assert _signs_in(tablet, sam)


def test_a_known_browser_is_limited_as_well(cast: Cast) -> None:
    sam, tablet = _user(cast.sam), Client()
    assert _signs_in(tablet, sam)
    tablet.post("/sign-in/second-factor/", {"code": _code(sam)})
    tablet.post("/sign-out/")
    _fail(tablet, sam, 5)
    assert not _signs_in(tablet, sam)


def test_the_shared_address_of_a_clinic_does_not_lock_out_who_works_there(cast: Cast) -> None:
    sam, june, tablet = _user(cast.sam), _user(cast.june), Client()
    assert _signs_in(tablet, sam)
    tablet.post("/sign-in/second-factor/", {"code": _code(sam)})
    tablet.post("/sign-out/")
    for n in range(70):
        Client().post("/sign-in/", {"login": f"x{n}@example.org", "password": "a wrong one"})
    assert Client().post("/sign-in/", {"login": june.email, "password": WORDS}).status_code == 429
    assert _signs_in(tablet, june)


def test_signing_out_clears_the_cache_and_never_the_storage(cast: Cast, client_as) -> None:
    """H46, and H23: storage may hold entries that have not been sent."""
    answer = client_as(cast.sam).post("/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache"'


STEPPED_UP = {
    "accounts:team",
    "accounts:withdraw",
    "accounts:end",
    "accounts:lost_factor",
    "accounts:name_duty",
    "accounts:end_duty",
    "alerts:cover",
    "courses:order",
    "courses:second",
    "courses:withdraw_order",
    "courses:end",
    "desk:agree_merge",
    "desk:merges",
    "desk:undo_merge",
    "dispensary:formulary",
    "dispensary:withdraw",
    "dosing:rest",
    "accounts:particulars",
    "people:care_team",
    "people:leave_care_team",
    "people:lost_access",
    "people:sign_in",
    "protocols:add_own",
    "protocols:adopt",
    "protocols:pack",
    "defaults:numbers",
    "defaults:sign_proposal",
    "protocols:sign_number",
}


def test_what_weighs_most_asks_who_one_is_once_more() -> None:
    """Attack K1.7: orders, second signatures, closing early, exports, limits, formulary, people's rights."""
    grants_by_name = {name: registry.grants_of(callback) for _, name, callback in registry.patterns()}
    found = {name for name, grants in grants_by_name.items() if "POST" in grants and grants["POST"].step_up}
    assert found == STEPPED_UP
    assert grants_by_name["dosing:summary"]["GET"].step_up


def test_what_was_typed_is_sent_on_after_the_proof(cast: Cast, client_as, once) -> None:
    _user(cast.ada)
    browser = client_as(cast.ada, proved=False)
    typed = {"name": "Lee Wong", "email": "lee@example.org", "role": "nurse", "once": once()}
    asked = browser.post("/team/", typed)
    assert "/sign-in/again/" in asked["Location"]
    assert not Invitation.objects.exists()
    browser.post(asked["Location"], {"password": WORDS, "next": "/team/"})
    assert Invitation.objects.get().email == "lee@example.org"


def test_ending_a_place_ends_nothing_elsewhere(cast: Cast) -> None:
    sam, other = _user(cast.sam), found_clinic("Hill Clinic")
    with inside(other.id, role="system"):
        hill = people_of(other)
        membership = actions.join(sam, role="nurse", by=hill.ada, at=NOW)
        actions.end_membership(membership.id, why="left", by=hill.ada, at=NOW)
    sam.refresh_from_db()
    assert sam.is_active
    assert sam.check_password(WORDS)
    assert Membership.objects.get(id=cast.sam.membership_id).ended_at is None
