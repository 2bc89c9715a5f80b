"""Duties are persons', named with a signature, by somebody else than themselves (H45, H06)."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client

from openkap.accounts import actions, duties
from openkap.accounts.actions import naming
from openkap.accounts.actor import Actor
from openkap.accounts.models import Duty, Membership, User
from openkap.accounts.rules import Candidate, Namer, objections_to_naming
from openkap.audit.models import Event
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast

ADA, OKAFOR, SAM = (uuid.UUID(int=number) for number in (1, 2, 3))
ADMIN, DIRECTOR = Namer(ADA, "administrator"), Namer(OKAFOR, "prescriber", is_director=True)


@pytest.mark.parametrize(
    ("duty", "who", "by", "expected"),
    [
        ("medical_director", Candidate(OKAFOR, "prescriber"), ADMIN, []),
        ("medical_director", Candidate(SAM, "nurse"), ADMIN, ["NOT_A_PRESCRIBER"]),
        ("medical_director", Candidate(SAM, "prescriber"), DIRECTOR, ["BY_ADMINISTRATOR"]),
        ("medical_director", Candidate(OKAFOR, "prescriber", is_here=False), ADMIN, ["LEFT_THE_CLINIC"]),
        ("medical_director", Candidate(OKAFOR, "prescriber", holds_it=True), ADMIN, ["HELD_ALREADY"]),
        ("independent_check", Candidate(SAM, "nurse"), DIRECTOR, []),
        ("independent_check", Candidate(SAM, "therapist"), DIRECTOR, []),
        ("independent_check", Candidate(SAM, "coordinator"), DIRECTOR, ["NOT_TREATING"]),
        ("independent_check", Candidate(SAM, "nurse"), ADMIN, ["BY_DIRECTOR"]),
        ("independent_check", Candidate(SAM, "nurse"), Namer(ADA, "prescriber"), ["BY_DIRECTOR"]),
        ("independent_check", Candidate(OKAFOR, "prescriber"), DIRECTOR, ["NOT_ONESELF"]),
        ("independent_check", Candidate(SAM, "nurse"), Namer(None, "system", True), ["NOT_ONESELF"]),
        ("king", Candidate(SAM, "nurse"), DIRECTOR, ["DUTY_UNKNOWN"]),
    ],
)
def test_who_names_whom_for_what(duty, who, by, expected) -> None:
    """H45: the administrator names the director, the director the checkers, nobody themself."""
    assert [one.code for one in objections_to_naming(duty, who, by=by)] == expected


def test_a_new_director_takes_the_place_of_the_one_before(cast: Cast) -> None:
    named = {"kind": "medical_director", "typed_name": cast.ada.name, "by": cast.ada, "at": NOW}
    actions.name_duty(cast.bello.membership_id, **named)
    assert duties.is_director(cast.bello)
    assert not duties.is_director(cast.okafor)
    assert Duty.objects.filter(kind="medical_director").count() == 2


def test_a_duty_ends_with_the_membership_and_by_a_word(cast: Cast) -> None:
    """H40: who has left checks nothing."""
    assert set(duties.competent_for_check().values()) == {cast.june.name, cast.sam.name, cast.bello.name}
    actions.end_membership(cast.sam.membership_id, why="left", by=cast.ada, at=NOW)
    assert cast.sam.user_id not in duties.competent_for_check()
    duty = Duty.objects.get(membership_id=cast.june.membership_id)
    for by, why in ((cast.ada, "no"), (cast.okafor, " ")):
        with pytest.raises(Refused):
            actions.end_duty(duty.id, why=why, by=by, at=NOW)
    actions.end_duty(duty.id, why="on leave", by=cast.okafor, at=NOW)
    assert set(duties.competent_for_check().values()) == {cast.bello.name}
    with pytest.raises(Refused):
        actions.end_duty(duty.id, why="again", by=cast.okafor, at=NOW)


def test_a_refused_naming_leaves_no_trace(cast: Cast) -> None:
    before = (Duty.objects.count(), Event.objects.count())
    told = {"kind": "independent_check", "by": cast.okafor, "at": NOW}
    with pytest.raises(Refused):
        actions.name_duty(cast.kit.membership_id, typed_name=cast.okafor.name, **told)
    with pytest.raises(Refused):
        actions.name_duty(cast.noor.membership_id, typed_name="Somebody Else", **told)
    assert (Duty.objects.count(), Event.objects.count()) == before


def test_when_the_record_fails_no_duty_is_given(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Duty.objects.count()
    monkeypatch.setattr(naming, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    told = {"kind": "independent_check", "typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW}
    with pytest.raises(RuntimeError):
        actions.name_duty(cast.noor.membership_id, **told)
    assert Duty.objects.count() == before


def _proved(browser: Client, actor: Actor) -> Client:
    """The same browser, its person having given a code a moment ago."""
    session = browser.session
    user = User.objects.get(id=actor.user_id)
    record_authentication(SimpleNamespace(session=session), user, "mfa", type="totp")
    session.save()
    return browser


def test_the_page_names_and_ends(cast: Cast, client_as, once) -> None:
    okafor, sam = _proved(client_as(cast.okafor), cast.okafor), _proved(client_as(cast.sam), cast.sam)
    shown = okafor.get("/duties/").content.decode()
    assert "Medical director" in shown
    assert cast.june.name in shown
    noor = Membership.objects.get(id=cast.noor.membership_id)
    typed = {"membership": str(noor.id), "typed_name": cast.okafor.name, "once": once()}
    assert sam.post("/duties/independent_check/name/", typed).status_code == 404
    assert okafor.post("/duties/independent_check/name/", typed).status_code == 302
    assert cast.noor.user_id in duties.competent_for_check()
    wrong = {**typed, "membership": str(cast.eve.membership_id), "typed_name": "x", "once": once()}
    answer = okafor.post("/duties/independent_check/name/", wrong)
    assert answer.status_code == 422
    assert "Type your name" in answer.content.decode()
    duty = Duty.objects.get(membership=noor)
    assert okafor.post(f"/duties/{duty.id}/end/", {"why": "tried", "once": once()}).status_code == 302
    assert cast.noor.user_id not in duties.competent_for_check()
