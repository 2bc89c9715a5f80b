"""Reading accounts: the team of a clinic and its open invitations."""

from __future__ import annotations

import uuid
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import F

from openkap.accounts import joining
from openkap.accounts.links import FACTOR_RESET, INVITATION, EntryLink
from openkap.accounts.models import FactorReset, Invitation, Membership
from openkap.accounts.roles import Role
from openkap.tenancy.asked import asked_once


@asked_once
def team(*, with_ended: bool = False) -> list[Membership]:
    """Everyone with a place here but patients, by name."""
    rows = Membership.objects.exclude(role=Role.PATIENT).select_related("user")
    if not with_ended:
        rows = rows.filter(ended_at__isnull=True)
    return list(rows.order_by(F("ended_at").asc(nulls_first=True), "user__name", "role"))


def with_second_factor() -> set[object]:
    """The users who have set up a second factor."""
    return set(Authenticator.objects.values_list("user_id", flat=True).distinct())


def open_invitations(at: datetime) -> list[Invitation]:
    """Invitations that can still be accepted."""
    rows = Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)
    return list(rows.order_by("expires_at"))


def open_resets(at: datetime) -> list[tuple[FactorReset, str]]:
    """The lost second factors somebody has vouched for and whose link has not been used.

    Beside each the path to hand over; empty where the link goes to the person's own mail alone.
    """
    rows = FactorReset.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)
    return [
        (row, entry_path(row) if _hands_over(row) else "")
        for row in rows.select_related("membership__user").order_by("expires_at")
    ]


def _hands_over(row: FactorReset) -> bool:
    return joining.hands_over(
        has_password=row.membership.user.has_usable_password(),
        mail_is_set_up=settings.OPENKAP_MAIL_IS_SET_UP,
    )


def patients_membership(user_id: uuid.UUID) -> Membership | None:
    """The place of a patient who signs in, in this clinic."""
    rows = Membership.objects.filter(user_id=user_id, role=Role.PATIENT, ended_at__isnull=True)
    return rows.first()


def entry_path(row: Invitation | FactorReset, *, mailed: bool = False) -> str:
    """The path of a link to this: to hand over, or to mail. The mailed one is shown to nobody here."""
    purpose = INVITATION if isinstance(row, Invitation) else FACTOR_RESET
    return EntryLink(row.clinic_id, purpose, row.id, mailed=mailed).path
