"""The writers of accounts: invitations, memberships, second factors, signatures."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from openkap.accounts import duties, rules
from openkap.accounts.actor import Actor
from openkap.accounts.models import Duty, DutyKind, Invitation, Membership, Signature, User
from openkap.accounts.roles import Role
from openkap.audit.actions import record
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Objection, Refused, refuse_if
from openkap.tenancy.locks import lock_numbers

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


@transaction.atomic
def end_membership(membership_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Let a person's access to the clinic end now; the very next request finds the door shut (hazard H40)."""
    membership = Membership.objects.select_for_update().get(id=membership_id)
    found = []
    if membership.ended_at:
        found.append(Objection("ended", "This membership has already ended."))
    if membership.id == by.membership_id:
        found.append(Objection("self", "You cannot end your own membership; ask another administrator."))
    if not why.strip():
        found.append(Objection("why", "Say why the access ends.", "why"))
    refuse_if(found)
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    record("accounts.membership_ended", by=by, at=at, subject=("membership", membership.id), why=why)


@transaction.atomic
def reset_second_factor(membership_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Take a lost second factor away, so that the person sets a new one at the next sign-in.

    The person who asks has been recognised by other means; `why` says by which.
    """
    membership = Membership.objects.select_for_update().select_related("user").get(id=membership_id)
    found = []
    if not why.strip():
        found.append(Objection("why", "Say how you made sure who is asking.", "why"))
    if membership.id == by.membership_id:
        found.append(Objection("self", "You cannot reset your own second factor; ask another administrator."))
    refuse_if(found)
    taken, _ = Authenticator.objects.filter(user=membership.user).delete()
    record(
        "accounts.second_factor_reset",
        by=by,
        at=at,
        subject=("membership", membership.id),
        details={"authenticators": taken},
        why=why,
    )


@transaction.atomic
def sign(
    content: bytes, *, meaning: str, typed_name: str, subject: tuple[str, uuid.UUID], by: Actor, at: datetime
) -> Signature:
    """Sign exactly this content: name, time, meaning and hash (21 CFR Part 11)."""
    if " ".join(typed_name.split()).casefold() != " ".join(by.name.split()).casefold():
        raise Refused(Objection("name", f"Type your name as it stands here: {by.name}.", "typed_name"))
    return Signature.objects.create(
        meaning=meaning,
        typed_name=" ".join(typed_name.split()),
        subject_kind=subject[0],
        subject_id=subject[1],
        content_hash=hashlib.sha256(content).digest(),
        **by.stamp(at),
    )


def _namer(by: Actor) -> rules.Namer:
    return rules.Namer(by.user_id, by.role, is_director=duties.is_director(by))


@transaction.atomic
def name_duty(membership_id: uuid.UUID, *, kind: str, typed_name: str, by: Actor, at: datetime) -> Duty:
    """Name a person for a duty, and sign it. A new medical director takes the place of the one before."""
    member = Membership.objects.select_for_update().select_related("user").get(id=membership_id)
    lock_numbers(f"accounts.duty:{kind}")
    holders = duties.held(kind)
    refuse_if(
        rules.objections_to_naming(
            kind,
            rules.Candidate(
                member.user_id,
                member.role,
                is_here=member.ended_at is None,
                holds_it=member.id in {it.membership_id for it in holders},
            ),
            by=_namer(by),
        )
    )
    if kind == DutyKind.MEDICAL_DIRECTOR:
        for earlier in Duty.objects.filter(kind=kind, ended_at__isnull=True):
            _end(earlier, why=f"{member.user.name} takes it over", at=at)
    key = uuid7()
    words = f"{member.user.name}: {DutyKind(kind).label}"
    signature = sign(
        words.encode(),
        meaning=f"Named as {DutyKind(kind).label.lower()}",
        typed_name=typed_name,
        subject=("duty", key),
        by=by,
        at=at,
    )
    duty = Duty.objects.create(id=key, membership=member, kind=kind, signature=signature, **by.stamp(at))
    record(
        "accounts.duty_given",
        by=by,
        at=at,
        subject=("duty", duty.id),
        details={"kind": kind, "membership": member.id},
    )
    return duty


def _end(duty: Duty, *, why: str, at: datetime) -> None:
    duty.ended_at, duty.end_reason = at, why.strip()[:300]
    duty.save(update_fields=["ended_at", "end_reason"])


@transaction.atomic
def end_duty(duty_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Take a duty away; what the person did while they had it stays."""
    duty = Duty.objects.select_for_update().filter(id=duty_id).first()
    if duty is None:
        raise Refused(Objection("duty", "There is no such duty here."))
    ended = duty.ended_at is not None
    refuse_if(rules.objections_to_ending(duty.kind, by=_namer(by), ended=ended, why=why))
    _end(duty, why=why, at=at)
    record("accounts.duty_ended", by=by, at=at, subject=("duty", duty.id), why=why)
