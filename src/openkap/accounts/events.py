"""What is recorded of accounts: the event of each verb, with its details. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from openkap.kernel.event import DomainEvent


class PersonInvited(DomainEvent, verb="accounts.invited"):
    """Somebody was invited to a place in the clinic."""

    role: str
    can_mail: bool
    owner_id: uuid.UUID | None


class InvitationWithdrawn(DomainEvent, verb="accounts.invitation_withdrawn"):
    """An invitation was taken back before it was accepted."""


class InvitationAccepted(DomainEvent, verb="accounts.invitation_accepted"):
    """Somebody accepted an invitation, and has a place in the clinic."""

    membership_id: uuid.UUID
    user_id: uuid.UUID


class MemberJoined(DomainEvent, verb="accounts.joined"):
    """Somebody who signs in elsewhere already has a place in this clinic too."""

    role: str
    user_id: uuid.UUID


class MembershipEnded(DomainEvent, verb="accounts.membership_ended"):
    """Somebody no longer has a place in the clinic."""


class ClinicParticularsChanged(DomainEvent, verb="accounts.clinic_changed"):
    """The clinic's name, phone, zone, profile or its words before a session were changed."""

    before: Mapping[str, str]
    after: Mapping[str, str]


class FactorResetVouched(DomainEvent, verb="accounts.factor_reset_vouched"):
    """A colleague vouched that a person has lost their second factor."""

    membership_id: uuid.UUID
    can_mail: bool
    owner_id: uuid.UUID | None


class SecondFactorDropped(DomainEvent, verb="accounts.second_factor_dropped"):
    """A person let their lost second factor fall."""

    user_id: uuid.UUID
    authenticators: int
    vouched_at: uuid.UUID


class DutyGiven(DomainEvent, verb="accounts.duty_given"):
    """Somebody was named for a duty."""

    kind: str
    membership_id: uuid.UUID


class DutyEnded(DomainEvent, verb="accounts.duty_ended"):
    """Somebody no longer has a duty."""


class SignedIn(DomainEvent, verb="accounts.signed_in"):
    """A person signed in."""


class SignInFailed(DomainEvent, verb="accounts.sign_in_failed"):
    """A sign-in was turned away."""

    email: str


class PasswordSet(DomainEvent, verb="accounts.password_set"):
    """A person set their password."""


class AddressProved(DomainEvent, verb="accounts.address_proved"):
    """A person opened the link sent to their address."""


class RequestDenied(DomainEvent, verb="accounts.request_denied"):
    """A page answered "not found" to somebody who may not open it."""

    page: str
    method: str


class RequestRefused(DomainEvent, verb="accounts.request_refused"):
    """Something that was asked for was refused, with its reasons."""

    page: str
    method: str
    objections: tuple[Mapping[str, Any], ...]
