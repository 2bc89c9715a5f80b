"""The people of a clinic: ending their access, and a second factor they have lost.

A person may have places in several clinics, and their password and second factor open all of them. So no
clinic touches either: it ends its own membership, or vouches that the person has lost their second factor;
the factor falls when the person, by a link and their password, says so too. Whoever signs in without a
password makes another passkey behind that link.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from openkap.accounts import joining, passkeys
from openkap.accounts.actor import Actor
from openkap.accounts.events import FactorResetVouched, MembershipEnded, SecondFactorDropped
from openkap.accounts.models import FactorReset, Membership, User
from openkap.accounts.places import places_of
from openkap.audit.actions import record, record_for_installation
from openkap.kernel.refusal import refuse_if
from openkap.tenancy.context import inside

RESET_LIFE = timedelta(days=2)


@transaction.atomic
def end_membership(membership_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Let a person's access to the clinic end now; the very next request is refused (hazard H40)."""
    membership = Membership.objects.select_for_update().get(id=membership_id)
    refuse_if(
        joining.objections_to_ending_membership(
            ended=membership.ended_at is not None, own=membership.id == by.membership_id, why=why
        )
    )
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    record(MembershipEnded(), by=by, at=at, subject=("membership", membership.id), why=why)


@transaction.atomic
def vouch_for_lost_factor(membership_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> FactorReset:
    """Say that this person has lost their second factor. Nothing falls yet: they are sent a link.

    The person who asks has been recognised by other means; `why` says by which.
    """
    membership = Membership.objects.select_for_update().select_related("user").get(id=membership_id)
    refuse_if(
        joining.objections_to_vouching(
            ended=membership.ended_at is not None, own=membership.id == by.membership_id, why=why
        )
    )
    FactorReset.objects.filter(membership=membership, used_at__isnull=True).update(withdrawn_at=at)
    reset = FactorReset.objects.create(membership=membership, expires_at=at + RESET_LIFE, **by.stamp(at))
    record(
        FactorResetVouched(
            membership_id=membership.id, can_mail=settings.OPENKAP_MAIL_IS_SET_UP, owner_id=by.membership_id
        ),
        by=by,
        at=at,
        subject=("factor_reset", reset.id),
        why=why,
    )
    return reset


def drop_second_factor(
    reset_id: uuid.UUID,
    *,
    password: str = "",
    credential: dict[str, Any] | None = None,
    mailed: bool,
    by: Actor,
    at: datetime,
) -> User:
    """The person themself lets their lost second factor fall: their password was found right, or, where they
    have none, their device has made another key (`credential`), which takes its place.

    The password is kept, hashed anew: that ends every sign-in made with the lost factor. Every clinic where
    the person has a place has it in its record. A link that was handed over proves no address, so it is not
    enough for a person whom other clinics trust as well.
    """
    with transaction.atomic():
        reset = FactorReset.objects.select_for_update().select_related("membership__user").get(id=reset_id)
        user = User.objects.select_for_update(no_key=True).get(id=reset.membership.user_id)
        places = {place.clinic_id for place in places_of(user.id, at=at)}
        used = reset.used_at or reset.withdrawn_at or reset.expires_at <= at
        refuse_if(
            joining.objections_to_dropping_factor(
                spent=bool(used) or by.clinic_id not in places,
                mailed=mailed,
                handed_will_do=joining.hands_over(
                    has_password=user.has_usable_password(), mail_is_set_up=settings.OPENKAP_MAIL_IS_SET_UP
                ),
                places_elsewhere=bool(places - {by.clinic_id}),
            )
        )
        if credential and user.has_usable_password():
            raise joining.wrong_password()
        taken, _ = Authenticator.objects.filter(user=user).delete()
        user.set_password(None if credential else password)
        user.save(update_fields=["password"])
        if credential:
            passkeys.keep(user, credential, at=at)
        reset.used_at = at
        reset.save(update_fields=["used_at"])
        dropped = SecondFactorDropped(user_id=user.id, authenticators=taken, vouched_at=by.clinic_id)
        record_for_installation(dropped, at=at, user_id=user.id)
        for clinic_id in sorted(places, key=str):
            with inside(clinic_id, role="link"):
                whose = Actor.link(clinic_id, user.name)
                record(dropped, by=whose, at=at)
    return user
