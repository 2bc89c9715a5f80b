"""Invitations, and becoming a member by one."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from openkap.accounts import joining, passkeys
from openkap.accounts.actions import proving
from openkap.accounts.actor import Actor
from openkap.accounts.events import InvitationAccepted, InvitationWithdrawn, MemberJoined, PersonInvited
from openkap.accounts.models import Invitation, Membership, User
from openkap.accounts.roles import Role
from openkap.audit.actions import record
from openkap.kernel.refusal import Objection, refuse_if

INVITATION_LIFE = timedelta(days=7)


@transaction.atomic
def invite(
    *, email: str, name: str, role: str, by: Actor, at: datetime, patient_id: uuid.UUID | None = None
) -> Invitation:
    """Invite a person to the clinic in one role. Where mail can go out, the link is mailed to the address."""
    known = Membership.objects.filter(user__email__iexact=email, role=role, ended_at__isnull=True)
    refuse_if(joining.objections_to_inviting(email=email, role=_label(role), is_here=known.exists()))
    invitation = Invitation.objects.create(
        email=email.lower(),
        name=name,
        role=role,
        patient_id=patient_id,
        expires_at=at + INVITATION_LIFE,
        **by.stamp(at),
    )
    record(
        PersonInvited(role=role, can_mail=settings.OPENKAP_MAIL_IS_SET_UP, owner_id=by.membership_id),
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("invitation", invitation.id),
    )
    return invitation


@transaction.atomic
def withdraw_invitation(invitation_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """Take an invitation back before it is used."""
    invitation = Invitation.objects.select_for_update().get(id=invitation_id)
    refuse_if(joining.objections_to_withdrawing(accepted=invitation.accepted_at is not None))
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record(InvitationWithdrawn(), by=by, at=at, subject=("invitation", invitation.id))


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


def _label(role: str) -> str:
    return str(Role(role).label).lower()


def _objections(invitation: Invitation, at: datetime) -> list[Objection]:
    spent = invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= at
    return joining.objections_to_invitation(spent=bool(spent))


def _objections_to_password(password: str) -> list[Objection]:
    try:
        validate_password(password)
    except ValidationError as error:
        return joining.objections_to_password(error.messages)
    return []


@transaction.atomic
def accept_invitation(
    invitation_id: uuid.UUID,
    *,
    name: str,
    password: str = "",
    credential: dict[str, Any] | None = None,
    by: Actor,
    at: datetime,
    mailed: bool = False,
) -> User:
    """Make a sign-in for the invited address, and a member of its holder.

    It is by the key their device has made (`credential`), or by a password; then a second factor comes next.
    `mailed`: the link was mailed to the address, which proves it.
    """
    invitation = Invitation.objects.select_for_update().get(id=invitation_id)
    faults = [] if credential else _objections_to_password(password)
    refuse_if([*_objections(invitation, at), *faults])
    must_sign_in = needs_sign_in(invitation, mailed=mailed) is not None
    refuse_if(joining.objections_to_setting_password(must_sign_in=must_sign_in))
    user = passkeys.who_will_hold_it(invitation, who_signs_in_as(invitation.email))
    user.name = name
    user.set_password(None if credential else password)
    user.save()
    proving.keep_address(user)
    if mailed:
        proving.prove(user)
    if credential:
        passkeys.keep(user, credential, at=at)
    return _accepted(invitation, user, by=by, at=at)


@transaction.atomic
def join_by_invitation(invitation_id: uuid.UUID, *, user: User, by: Actor, at: datetime) -> User:
    """A person who is signed in, with both factors, accepts an invitation made to their own address."""
    invitation = Invitation.objects.select_for_update().get(id=invitation_id)
    same_person = joining.objections_to_person(invited=invitation.email, email=user.email)
    refuse_if([*_objections(invitation, at), *same_person])
    return _accepted(invitation, user, by=by, at=at)


def _accepted(invitation: Invitation, user: User, *, by: Actor, at: datetime) -> User:
    User.objects.select_for_update(no_key=True).get(
        id=user.id
    )  # two invitations of one person, one at a time
    here = Membership.objects.filter(user=user, role=invitation.role, ended_at__isnull=True)
    refuse_if(joining.objections_to_joining(role=_label(invitation.role), is_here=here.exists()))
    membership = join(user, role=invitation.role, by=by, at=at)
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    record(
        InvitationAccepted(membership_id=membership.id, user_id=user.id),
        by=by,
        at=at,
        patient_id=invitation.patient_id,
        subject=("invitation", invitation.id),
    )
    return user


@transaction.atomic
def join(user: User, *, role: str, by: Actor, at: datetime, title: str = "") -> Membership:
    """Give a person a role in the clinic from now on."""
    membership = Membership.objects.create(
        clinic_id=by.clinic_id, user=user, role=role, title=title, since=at
    )
    record(
        MemberJoined(role=role, user_id=user.id),
        by=by,
        at=at,
        subject=("membership", membership.id),
    )
    return membership
