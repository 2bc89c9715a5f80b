"""The people of a clinic: ending their access, and a second factor they have lost.

A person may have places in several clinics, and their password and second factor open all of them. So no
clinic touches either: it ends its own membership, or vouches that the person has lost their second factor;
the factor falls when the person, by a link and their password, says so too.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.models import FactorReset, Membership, User
from openkap.audit.actions import record, record_house
from openkap.kernel.refusal import Refused, refuse_if, unlisted
from openkap.tenancy.context import inside
from openkap.tenancy.gates import places_of

RESET_LIFE = timedelta(days=2)


@transaction.atomic
def end_membership(membership_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Let a person's access to the clinic end now; the very next request finds the door shut (hazard H40)."""
    membership = Membership.objects.select_for_update().get(id=membership_id)
    found = []
    if membership.ended_at:
        found.append(unlisted("ended", "This membership has already ended."))
    if membership.id == by.membership_id:
        found.append(unlisted("self", "You cannot end your own membership; ask another administrator."))
    if not why.strip():
        found.append(unlisted("why", "Say why the access ends.", "why"))
    refuse_if(found)
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    record("accounts.membership_ended", by=by, at=at, subject=("membership", membership.id), why=why)


@transaction.atomic
def vouch_for_lost_factor(membership_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> FactorReset:
    """Say that this person has lost their second factor. Nothing falls yet: they are sent a link.

    The person who asks has been recognised by other means; `why` says by which.
    """
    membership = Membership.objects.select_for_update().select_related("user").get(id=membership_id)
    found = []
    if membership.ended_at:
        found.append(unlisted("ended", "This membership has ended."))
    if not why.strip():
        found.append(unlisted("why", "Say how you made sure who is asking.", "why"))
    if membership.id == by.membership_id:
        found.append(unlisted("self", "You cannot vouch for yourself; ask another administrator."))
    refuse_if(found)
    FactorReset.objects.filter(membership=membership, used_at__isnull=True).update(withdrawn_at=at)
    reset = FactorReset.objects.create(membership=membership, expires_at=at + RESET_LIFE, **by.stamp(at))
    record(
        "accounts.factor_reset_vouched",
        by=by,
        at=at,
        subject=("factor_reset", reset.id),
        details={
            "membership": membership.id,
            "mail": settings.OPENKAP_MAIL_IS_SET_UP,
            "owner": by.membership_id,
        },
        why=why,
    )
    return reset


def open_resets(at: datetime) -> list[FactorReset]:
    """The lost second factors somebody has vouched for and whose link has not been used."""
    rows = FactorReset.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)
    return list(rows.select_related("membership__user").order_by("expires_at"))


def drop_second_factor(reset_id: uuid.UUID, *, password: str, mailed: bool, by: Actor, at: datetime) -> None:
    """The person themself, whose password was found right, lets their lost second factor fall.

    The password is kept, hashed anew: that ends every sign-in made with the lost factor. Every clinic where
    the person has a place has it in its record. A link that was handed over proves no address, so it is not
    enough for a person whom other clinics trust as well.
    """
    with transaction.atomic():
        reset = FactorReset.objects.select_for_update().select_related("membership__user").get(id=reset_id)
        user = User.objects.select_for_update(no_key=True).get(id=reset.membership.user_id)
        places = {place.clinic_id for place in places_of(user.id, at=at)}
        found = []
        if reset.used_at or reset.withdrawn_at or reset.expires_at <= at or by.clinic_id not in places:
            found.append(unlisted("spent", "This link can no longer be used. Ask the clinic for a new one."))
        if not mailed and places - {by.clinic_id}:
            text = (
                "You also have a place at another clinic, so a link that was handed over is not enough. "
                "Ask for a link by e-mail, or use one of your recovery codes."
            )
            found.append(unlisted("several_clinics", text))
        refuse_if(found)
        taken, _ = Authenticator.objects.filter(user=user).delete()
        user.set_password(password)
        user.save(update_fields=["password"])
        reset.used_at = at
        reset.save(update_fields=["used_at"])
        details = {"authenticators": taken, "vouched_at": by.clinic_id}
        record_house("accounts.second_factor_dropped", at=at, details=details, user_id=user.id)
        for clinic_id in sorted(places, key=str):
            with inside(clinic_id, role="link"):
                whose = Actor.link(clinic_id, user.name)
                record(
                    "accounts.second_factor_dropped", by=whose, at=at, details={"user": user.id, **details}
                )


def refuse_password() -> Refused:
    """What somebody is told who gives another password than their own."""
    return Refused(unlisted("password", "That is not the password you sign in with.", "password"))
