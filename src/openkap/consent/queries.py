"""Reading consent: what is valid now, what was chosen, and whether anyone may sign."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from openkap.consent import documents, rules, unscoped
from openkap.consent.models import Capacity, Choice, Consent, Impairment, Understood, Withdrawal
from openkap.kernel.wording import translated
from openkap.tenancy.asked import asked_once
from openkap.tenancy.clinics import clinics_by
from openkap.tenancy.keyed_queries import keyed_query


def understood(patient_id: uuid.UUID, document: documents.Document) -> dict[str, Understood]:
    """The elements the person has said they understand, by element."""
    rows = Understood.objects.filter(patient_id=patient_id, document=document.key, version=document.version)
    return {row.element: row for row in rows.select_related("hand_over")}


def capacity(patient_id: uuid.UUID) -> Capacity | None:
    """What a prescriber signed last about the person's ability to decide on the newest document."""
    newest = documents.current()
    rows = Capacity.objects.filter(patient_id=patient_id, document=newest.key, version=newest.version)
    return rows.order_by("-at", "-id").first()


@keyed_query
def signed(patient_id: uuid.UUID) -> QuerySet[Consent]:
    """Every consent ever signed, newest first; `back_at`, `back_by` and `back_why` say of its withdrawal."""
    rows = Consent.objects.filter(patient_id=patient_id).select_related("signature", "hand_over", "capacity")
    taken_back = {name: F(f"withdrawals__{of}") for name, of in _TAKEN_BACK.items()}
    return rows.annotate(**taken_back).order_by("-at", "-id")


_TAKEN_BACK = {"back_at": "at", "back_by": "by_name", "back_why": "why"}


def valid(patient_id: uuid.UUID) -> Consent | None:
    """The consent that counts now: newest version, not withdrawn, text unchanged since it was signed."""
    return valid_of([patient_id]).get(patient_id)


def valid_among(rows: list[Consent]) -> Consent | None:
    """The consent that counts now, among all that a person ever signed (`signed`)."""
    newest = documents.current()
    standing = [row for row in rows if row.back_at is None]  # type: ignore[attr-defined]
    of_newest = [row for row in standing if (row.document, row.version) == (newest.key, newest.version)]
    return of_newest[0] if of_newest and of_newest[0].holds() else None


@keyed_query
def standing(*patients: uuid.UUID) -> QuerySet[Consent]:
    """What these people signed last of each document and version, and did not take back."""
    rows = Consent.objects.filter(patient_id__in=patients, withdrawals__isnull=True)
    rows = rows.select_related("signature", "hand_over", "capacity")
    each = ("patient_id", "document", "version")
    return rows.order_by(*each, "-at", "-id").distinct(*each)


@asked_once
def valid_of(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Consent]:
    """The consent that counts now for each of these people who has one."""
    newest = documents.current()
    this = (newest.key, newest.version)
    rows = [row for row in standing(*patient_ids) if (row.document, row.version) == this]
    return {row.patient_id: row for row in rows if row.holds()}


@keyed_query
def signed_last(*patients: uuid.UUID) -> QuerySet[Consent]:
    """What these people signed last, with whether it was `taken_back`."""
    rows = Consent.objects.filter(patient_id__in=patients).order_by("patient_id", "-at", "-id")
    withdrawals = Withdrawal.objects.filter(consent=OuterRef("id"))
    return rows.distinct("patient_id").annotate(taken_back=Exists(withdrawals))


def withdrawn_among(patient_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these people have taken back the consent they signed last, and signed none since."""
    return {row.patient_id for row in signed_last(*patient_ids) if row.taken_back}  # type: ignore[attr-defined]


def one(consent_id: uuid.UUID) -> Consent | None:
    """One signed consent."""
    return Consent.objects.filter(id=consent_id).select_related("signature", "patient").first()


def patient_of_consent(consent_id: uuid.UUID) -> uuid.UUID | None:
    """Whose consent it is."""
    return Consent.objects.filter(id=consent_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"consent": patient_of_consent}


def choices(patient_id: uuid.UUID) -> dict[str, str]:
    """What the person has chosen, by name; what nobody chose is the least."""
    return _with_the_least(_made(patient_id))


@keyed_query
def last_choices(patient_id: uuid.UUID) -> QuerySet[Choice]:
    """The last choice of each kind a person has made."""
    return Choice.objects.filter(patient_id=patient_id).order_by("name", "-at", "-id").distinct("name")


def _made(patient_id: uuid.UUID) -> dict[str, str]:
    """What the person has chosen themself, by name."""
    return {row.name: row.value for row in last_choices(patient_id)}


def _with_the_least(made: dict[str, str]) -> dict[str, str]:
    return {kind.name: kind.unset for kind in rules.CHOICES} | made


def choices_in_words(patient_id: uuid.UUID) -> list[tuple[str, str]]:
    """The choices as a card shows them: label and value, and that nobody has chosen where that is so."""
    made = _made(patient_id)
    chosen = _with_the_least(made)
    words = []
    for kind in rules.CHOICES:
        option = kind.option(chosen[kind.name])
        value = translated(option.label) if option else chosen[kind.name] or _("Not said yet")
        if option and kind.name not in made:
            value = _("%(choice)s (not chosen yet)") % {"choice": value}
        words.append((translated(kind.label), value))
    return words


def choices_made(patient_id: uuid.UUID) -> bool:
    """Whether the person has chosen at all."""
    return Choice.objects.filter(patient_id=patient_id).exists()


def impaired_since(patient_id: uuid.UUID) -> datetime | None:
    """Since when the person cannot sign, or None when they can."""
    rows = Impairment.objects.filter(patient_id=patient_id, ended_at__isnull=True)
    return rows.order_by("at").values_list("at", flat=True).first()


def open_causes(kind: str) -> list[uuid.UUID]:
    """What keeps somebody from signing now, of one kind."""
    rows = Impairment.objects.filter(cause_kind=kind, ended_at__isnull=True)
    return list(rows.values_list("cause_id", flat=True))


def is_impaired(patient_id: uuid.UUID) -> bool:
    """Whether a dose was given and the person has not left yet."""
    return impaired_since(patient_id) is not None


def clinics_impaired(kind: str) -> list[uuid.UUID]:
    """The clinics in which something of one kind keeps somebody from signing."""
    return clinics_by(unscoped.IMPAIRED.name, kind)
