"""Invitations, and becoming a member by one."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.models import Invitation, Membership, User
from openkap.accounts.roles import Role
from openkap.audit.actions import record
from openkap.kernel.refusal import Objection, Refused, refuse_if

INVITATION_LIFE = timedelta(days=7)


@transaction.atomic
def invite(
    *, email: str, name: str, role: str, by: Actor, at: datetime, patient_id: uuid.UUID | None = None
) -> Invitation:
    """Invite a person to the clinic in one role."""
    known = Membership.objects.filter(user__email__iexact=email, role=role, ended_at__isnull=True)
    if known.exists():
        raise Refused(
            Objection("already_here", f"{email} is already {Role(role).label.lower()} here.", "email")
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
        details={"role": role},
    )
    return invitation


@transaction.atomic
def withdraw_invitation(invitation_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """Take an invitation back before it is used."""
    invitation = Invitation.objects.select_for_update().get(id=invitation_id)
    if invitation.accepted_at:
        raise Refused(Objection("accepted", "The invitation has been accepted; end the membership instead."))
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record("accounts.invitation_withdrawn", by=by, at=at, subject=("invitation", invitation.id))


def _objections_to_acceptance(invitation: Invitation, password: str, at: datetime) -> list[Objection]:
    found = []
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= at:
        found.append(
            Objection("spent", "This invitation can no longer be used. Ask the clinic for a new one.")
        )
    try:
        validate_password(password)
    except ValidationError as error:
        found += [Objection("weak_password", text, "password") for text in error.messages]
    return found


@transaction.atomic
def accept_invitation(invitation_id: uuid.UUID, *, name: str, password: str, by: Actor, at: datetime) -> User:
    """Make the invited person a member; a known person keeps their sign-in and password."""
    invitation = Invitation.objects.select_for_update().get(id=invitation_id)
    refuse_if(_objections_to_acceptance(invitation, password, at))
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is not None and not user.check_password(password):
        raise Refused(
            Objection(
                "known_person", "You already sign in to OpenKAP: give the password you use there.", "password"
            )
        )
    if user is None:
        user = User.objects.make(email=invitation.email, name=name, password=password)
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
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
