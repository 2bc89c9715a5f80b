"""What notices does when accounts has a link for somebody: it mails it to the address itself.

The mailed link proves the address, so it is made here and shown to nobody.
"""

from __future__ import annotations

from typing import Any

from openkap.accounts import queries as accounts
from openkap.accounts.actor import Actor
from openkap.accounts.events import FactorResetVouched, PersonInvited
from openkap.accounts.models import FactorReset, Invitation
from openkap.audit.delivery import Delivery
from openkap.notices import actions
from openkap.notices.channels import email_to
from openkap.notices.models import Notice


def _row(rows: Any, delivery: Delivery[PersonInvited | FactorResetVouched]) -> Any:
    return rows.filter(id=delivery.subject_id).first() if delivery.subject_id else None


def on_invited(delivery: Delivery[PersonInvited]) -> None:
    """Mail an invitation to the address it was made for."""
    invitation = _row(Invitation.objects, delivery)
    if invitation is not None and invitation.accepted_at is None and invitation.withdrawn_at is None:
        _mail(
            delivery,
            "invitation",
            to_email=invitation.email,
            path=accounts.entry_path(invitation, mailed=True),
        )


def on_factor_reset_vouched(delivery: Delivery[FactorResetVouched]) -> None:
    """Mail the link with which a person lets their own lost second factor fall."""
    reset = _row(FactorReset.objects.select_related("membership__user"), delivery)
    if reset is not None and reset.used_at is None and reset.withdrawn_at is None:
        _mail(
            delivery,
            "factor_reset",
            to_email=reset.membership.user.email,
            path=accounts.entry_path(reset, mailed=True),
        )


def _mail(
    delivery: Delivery[PersonInvited | FactorResetVouched], kind: str, *, to_email: str, path: str
) -> None:
    """Put it on its way once, however often it is delivered; only where mail can go out and has an owner."""
    owner = delivery.event.owner_id
    if not delivery.event.can_mail or owner is None:
        return
    if Notice.objects.filter(delivery_id=delivery.id).exists():
        return
    actions.queue(
        kind=kind,
        to=email_to(to_email),
        link_path=path,
        delivery_id=delivery.id,
        owner_membership_id=owner,
        by=Actor.system(delivery.clinic_id, "Invitations"),
        at=delivery.at,
    )
