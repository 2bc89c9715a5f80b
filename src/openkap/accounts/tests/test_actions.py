"""Joining a clinic, leaving it, and what a lost second factor takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from openkap.accounts import actions
from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership, Signature, User
from openkap.accounts.places import places_of
from openkap.accounts.sealing import open_text, seal_text
from openkap.audit.models import Event
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast

PASSWORD = "four calm words here"


def _invited(cast: Cast) -> Actor:
    return Actor.link(cast.clinic.id, "June Park")


def test_an_invitation_makes_a_member_once(cast: Cast) -> None:
    invitation = actions.invite(email="June@Example.org", name="June Park", role="nurse", by=cast.ada, at=NOW)
    user = actions.accept_invitation(
        invitation.id, name="June Park", password=PASSWORD, by=_invited(cast), at=NOW
    )
    assert [place.role for place in places_of(user.id, at=NOW)] == ["nurse"]
    with pytest.raises(Refused, match="no longer be used"):
        actions.accept_invitation(
            invitation.id, name="June Park", password=PASSWORD, by=_invited(cast), at=NOW
        )


def test_a_refused_acceptance_leaves_no_trace(cast: Cast) -> None:
    invitation = actions.invite(email="june@example.org", name="June", role="nurse", by=cast.ada, at=NOW)
    users, events = User.objects.count(), Event.objects.count()
    late = NOW + timedelta(days=8)
    with pytest.raises(Refused) as refused:
        actions.accept_invitation(invitation.id, name="June", password="short", by=_invited(cast), at=late)
    assert {objection.code for objection in refused.value.objections} == {"INVITATION_SPENT", "BY_SIGN_IN"}
    assert (User.objects.count(), Event.objects.count()) == (users, events)


def test_a_known_person_accepts_by_signing_in_and_never_by_a_password(cast: Cast) -> None:
    june = User.objects.make(email="june@example.org", name="June Park", password=PASSWORD)
    invitation = actions.invite(email="june@example.org", name="June", role="therapist", by=cast.ada, at=NOW)
    for password in ("another good password", PASSWORD):
        with pytest.raises(Refused, match="already sign in"):
            actions.accept_invitation(
                invitation.id, name="June", password=password, by=_invited(cast), at=NOW
            )
    actions.join_by_invitation(invitation.id, user=june, by=_invited(cast), at=NOW)
    june.refresh_from_db()
    assert june.check_password(PASSWORD)
    assert User.objects.filter(email="june@example.org").count() == 1


def test_two_invitations_to_one_role_make_one_membership(cast: Cast) -> None:
    june = User.objects.make(email="june@example.org", name="June Park", password=PASSWORD)
    invite = {"email": june.email, "name": "June", "role": "therapist", "by": cast.ada, "at": NOW}
    first, second = actions.invite(**invite), actions.invite(**invite)
    actions.join_by_invitation(first.id, user=june, by=_invited(cast), at=NOW)
    with pytest.raises(Refused, match="here already"):
        actions.join_by_invitation(second.id, user=june, by=_invited(cast), at=NOW)
    with pytest.raises(Refused, match="can no longer be used"):
        actions.join_by_invitation(first.id, user=june, by=_invited(cast), at=NOW)
    assert Membership.objects.filter(user=june).count() == 1


def test_an_invitation_is_accepted_by_the_invited_person_alone(cast: Cast) -> None:
    invitation = actions.invite(email="june@example.org", name="June", role="therapist", by=cast.ada, at=NOW)
    sam = User.objects.get(id=cast.sam.user_id)
    with pytest.raises(Refused, match=r"is for june@example\.org"):
        actions.join_by_invitation(invitation.id, user=sam, by=_invited(cast), at=NOW)


def test_a_withdrawn_invitation_cannot_be_used(cast: Cast) -> None:
    invitation = actions.invite(email="june@example.org", name="June", role="nurse", by=cast.ada, at=NOW)
    actions.withdraw_invitation(invitation.id, by=cast.ada, at=NOW)
    with pytest.raises(Refused):
        actions.accept_invitation(invitation.id, name="June", password=PASSWORD, by=_invited(cast), at=NOW)


def test_someone_who_leaves_is_out_at_once(cast: Cast) -> None:
    """H40."""
    actions.end_membership(cast.sam.membership_id, why="Left on Friday", by=cast.ada, at=NOW)
    assert places_of(cast.sam.user_id, at=NOW + timedelta(seconds=1)) == []


def test_nobody_ends_their_own_place_or_without_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.end_membership(cast.ada.membership_id, why=" ", by=cast.ada, at=NOW)
    assert {objection.code for objection in refused.value.objections} == {
        "NOT_OWN_MEMBERSHIP",
        "WHY_ENDS_MISSING",
    }
    assert Membership.objects.get(id=cast.ada.membership_id).ended_at is None


def test_a_second_factors_secret_never_rests_in_plain(cast: Cast) -> None:
    user, secret = User.objects.get(id=cast.sam.user_id), totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    assert secret not in str(Authenticator.objects.get(user=user).data)


def test_sealed_text_opens_only_whole_and_only_where_it_belongs() -> None:
    from cryptography.exceptions import InvalidTag

    sealed = seal_text("a secret", context="mfa")
    assert open_text(sealed, context="mfa") == "a secret"
    with pytest.raises(InvalidTag):
        open_text(sealed, context="note")
    changed = sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:]
    with pytest.raises(InvalidTag):
        open_text(changed, context="mfa")


def test_a_signature_is_over_exactly_these_bytes(cast: Cast) -> None:
    signature = actions.sign(
        b"the content",
        meaning="I agree",
        typed_name="sam  RIVERA",
        subject=("x", cast.amara.id),
        by=cast.sam,
        at=NOW,
    )
    assert signature.covers(b"the content")
    assert not signature.covers(b"the Content")
    with pytest.raises(Refused, match="Type your name"):
        actions.sign(
            b"x", meaning="I agree", typed_name="Sam", subject=("x", cast.amara.id), by=cast.sam, at=NOW
        )
    assert Signature.objects.filter(by_id=cast.sam.user_id).count() == 1
