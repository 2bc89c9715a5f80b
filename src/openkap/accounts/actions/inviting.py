"""Invitations, and becoming a member by one."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from openkap.accounts.actions import proving
from openkap.accounts.actor import Actor
from openkap.accounts.models import Invitation, Membership, User
from openkap.accounts.roles import Role
from openkap.audit.actions import record
from openkap.kernel.refusal import Objection, Refused, refuse_if, unlisted

INVITATION_LIFE = timedelta(days=7)


@transaction.atomic
def invite(
    *, email: str, name: str, role: str, by: Actor, at: datetime, patient_id: uuid.UUID | None = None
) -> Invitation:
    """Invite a person to the clinic in one role. Where mail can go out, the link is mailed to the address."""
    known = Membership.objects.filter(user__email__iexact=email, role=role, ended_at__isnull=True)
    if known.exists():
        raise Refused(
            unlisted("already_here", f"{email} is already {Role(role).label.lower()} here.", "email")
        )
    invitation = Invitation.objects.create(
        email=email.lower(),
        name=name,
        role=role,
        patient_id=patient_id,
        expires_at=at + INVITATION_LIFE,
        **by.stamp(at),
    )
    record(
        "accounts.invited",
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("invitation", invitation.id),
        details={"role": role, "mail": settings.OPENKAP_MAIL_IS_SET_UP, "owner": by.membership_id},
    )
    return invitation


@transaction.atomic
def withdraw_invitation(invitation_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """Take an invitation back before it is used."""
    invitation = Invitation.objects.select_for_update().get(id=invitation_id)
    if invitation.accepted_at:
        raise Refused(unlisted("accepted", "The invitation has been accepted; end the membership instead."))
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record("accounts.invitation_withdrawn", by=by, at=at, subject=("invitation", invitation.id))


def who_signs_in_as(email: str) -> User | None:
    """Who signs in with this address already, at whichever clinic."""
    return User.objects.filter(email__iexact=email).first()


def needs_sign_in(invitation: Invitation, *, mailed: bool) -> User | None:
    """The person who must sign in, with both factors, before this invitation can be accepted; or None.

    A known address is never opened by a password alone. Only a link mailed to an address that nobody has
    proved before may set a new password there.
    """
    user = who_signs_in_as(invitation.email)
    return user if user is not None and (proving.is_proved(user) or not mailed) else None


def _objections(invitation: Invitation, at: datetime) -> list[Objection]:
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= at:
        text = "This invitation can no longer be used. Ask the clinic for a new one."
        return [unlisted("spent", text)]
    return []


def _objections_to_password(password: str) -> list[Objection]:
    try:
        validate_password(password)
    except ValidationError as error:
        return [unlisted("weak_password", text, "password") for text in error.messages]
    return []


@transaction.atomic
def accept_invitation(
    invitation_id: uuid.UUID, *, name: str, password: str, by: Actor, at: datetime, mailed: bool = False
) -> User:
    """Make a sign-in for the invited address, and a member of its holder. The second factor comes next.

    `mailed`: the link was mailed to the address, which proves it.
    """
    invitation = Invitation.objects.select_for_update().get(id=invitation_id)
    refuse_if([*_objections(invitation, at), *_objections_to_password(password)])
    if needs_sign_in(invitation, mailed=mailed):
        text = "You already sign in to OpenKAP with this address: sign in, then accept."
        raise Refused(unlisted("known_person", text))
    user = who_signs_in_as(invitation.email)
    if user is None:
        user = User.objects.make(email=invitation.email, name=name, password=password)
        proving.keep_address(user)
    else:
        user.name = name
        user.set_password(password)
        user.save(update_fields=["name", "password"])
    if mailed:
        proving.prove(user)
    return _accepted(invitation, user, by=by, at=at)


@transaction.atomic
def join_by_invitation(invitation_id: uuid.UUID, *, user: User, by: Actor, at: datetime) -> User:
    """A person who is signed in, with both factors, accepts an invitation made to their own address."""
    invitation = Invitation.objects.select_for_update().get(id=invitation_id)
    found = _objections(invitation, at)
    if user.email.casefold() != invitation.email.casefold():
        text = f"This invitation is for {invitation.email}, and you are signed in as {user.email}."
        found.append(unlisted("another_person", text))
    refuse_if(found)
    return _accepted(invitation, user, by=by, at=at)


def _accepted(invitation: Invitation, user: User, *, by: Actor, at: datetime) -> User:
    User.objects.select_for_update(no_key=True).get(
        id=user.id
    )  # two invitations of one person, one at a time
    here = Membership.objects.filter(user=user, role=invitation.role, ended_at__isnull=True)
    if here.exists():
        text = f"You are {Role(invitation.role).label.lower()} here already; there is nothing to accept."
        raise Refused(unlisted("already_here", text))
    membership = join(user, role=invitation.role, by=by, at=at)
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    record(
        "accounts.invitation_accepted",
        by=by,
        at=at,
        patient_id=invitation.patient_id,
        subject=("invitation", invitation.id),
        details={"membership": membership.id, "user": user.id},
    )
    return user


@transaction.atomic
def join(user: User, *, role: str, by: Actor, at: datetime, title: str = "") -> Membership:
    """Give a person a role in the clinic from now on."""
    membership = Membership.objects.create(
        clinic_id=by.clinic_id, user=user, role=role, title=title, since=at
    )
    record(
        "accounts.joined",
        by=by,
        at=at,
        subject=("membership", membership.id),
        details={"role": role, "user": user.id},
    )
    return membership
