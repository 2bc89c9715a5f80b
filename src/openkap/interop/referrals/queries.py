"""Reading referrals."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from openkap.interop.fhir.bundle import Understood
from openkap.interop.referrals.models import Referral, ReferralTaken
from openkap.people import queries as people
from openkap.people import rules
from openkap.people.models import Patient


def waiting() -> list[Referral]:
    """The referrals nobody has taken into a chart yet, oldest first."""
    return list(Referral.objects.filter(taken__isnull=True).defer("content").order_by("at"))


def taken() -> QuerySet[ReferralTaken]:
    """The referrals that were taken in, the last first."""
    rows = ReferralTaken.objects.select_related("patient", "referral").defer("referral__content")
    return rows.order_by("-at", "-id")


def one(referral_id: uuid.UUID) -> Referral | None:
    """A referral with its content."""
    return Referral.objects.filter(id=referral_id).first()


def taken_into(referral_id: uuid.UUID) -> ReferralTaken | None:
    """Whose chart a referral was taken into."""
    return ReferralTaken.objects.filter(referral_id=referral_id).select_related("patient").first()


def duplicates(understood: Understood) -> list[tuple[Patient, rules.PossibleDuplicate]]:
    """People here who may be the referred person."""
    read = understood.patient
    likeness = rules.Likeness(
        None, read.given_name, read.family_name, read.birth_date, read.phone, read.email
    )
    return people.possible_duplicates(likeness)
