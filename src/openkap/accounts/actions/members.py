"""The people of a clinic: ending their access, and their second factor."""

from __future__ import annotations

import uuid
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.audit.actions import record
from openkap.kernel.refusal import Objection, refuse_if


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
