"""Reading referrals."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from openkap.interop.fhir.bundle import UnderstoodBundle
from openkap.interop.referrals.models import Referral, ReferralTaken
from openkap.people import queries as people
from openkap.people import rules
from openkap.people.models import Patient
from openkap.tenancy.keyed_queries import keyed_query


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


def duplicates(understood: UnderstoodBundle) -> list[tuple[Patient, rules.PossibleDuplicate]]:
    """People here who may be the referred person, by the name of today or an earlier one; likeliest first."""
    read = understood.patient
    names = [(read.given_name, read.family_name), *((it.given, it.family) for it in read.other_names)]
    possible: dict[uuid.UUID, tuple[Patient, rules.PossibleDuplicate]] = {}
    for given, family in names:
        if not (given or family):
            continue
        likeness = rules.Likeness(None, given, family, read.birth_date, read.phone, read.email)
        for patient, like in people.possible_duplicates(likeness):
            known = possible.get(patient.id)
            if known is None or known[1].score < like.score:
                possible[patient.id] = (patient, like)
    return sorted(possible.values(), key=lambda it: -it[1].score)


@keyed_query
def taken_in_for(patient_id: uuid.UUID) -> QuerySet[ReferralTaken]:
    """The referrals that were taken into a person's chart, the last first."""
    records = people.records_of(patient_id).values("id")
    rows = ReferralTaken.objects.filter(patient__in=records).select_related("referral")
    return rows.order_by("-at", "-id")


def patient_of_taken(taken_id: uuid.UUID) -> uuid.UUID | None:
    """Whose chart a referral was taken into, by the row that says so."""
    return ReferralTaken.objects.filter(id=taken_id).values_list("patient_id", flat=True).first()


def taken_by(taken_id: uuid.UUID) -> ReferralTaken | None:
    """The row that says into whose chart a referral was taken, with the referral."""
    return ReferralTaken.objects.filter(id=taken_id).select_related("referral").first()


PATIENT_OF = {"taken": patient_of_taken}
