"""The writers of consent. Each locks the patient, so that a dose and a signature cannot cross."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts.actions import sign as sign_content
from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.consent import documents, queries, rules
from openkap.consent.models import Choice, Consent, Impairment, Understood, Withdrawal
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Objection, Refused, refuse_if
from openkap.people.models import Patient


def _locked(patient_id: uuid.UUID) -> Patient:
    patient = Patient.objects.select_for_update(no_key=True).filter(id=patient_id).first()
    if patient is None:
        raise Refused(Objection("patient", "There is no such record here."))
    return patient


@transaction.atomic
def mark_understood(
    patient_id: uuid.UUID, *, element: str, by: Actor, at: datetime, explained_again: bool = False
) -> Understood:
    """The person says an element is clear; whether it had to be explained again is kept with it."""
    _locked(patient_id)
    document = documents.current()
    found = rules.objections_while_impaired(queries.impaired_since(patient_id))
    if element not in {known.id for known in document.elements}:
        found.append(Objection("element", "The document has no such part."))
    refuse_if(found)
    row, new = Understood.objects.get_or_create(
        patient_id=patient_id,
        document=document.key,
        version=document.version,
        element=element,
        defaults={"explained_again": explained_again, **by.stamp(at)},
    )
    if new:
        details = {"element": element, "document": document.name, "again": explained_again}
        record("consent.understood", by=by, at=at, patient_id=patient_id, details=details)
    return row


def _to_sign(patient: Patient, *, version: int, typed_name: str) -> documents.Document:
    """The document of this version, when nothing stands against signing it now."""
    newest = documents.current()
    if (newest.key, version) not in documents.known():
        raise Refused(Objection("version", "There is no such version of the document."))
    document = documents.load(newest.key, version)
    refuse_if(
        rules.objections_to_signing(
            document,
            newest=newest,
            understood=frozenset(queries.understood(patient.id, document)),
            typed_name=typed_name,
            patient_name=patient.name,
            impaired_since=queries.impaired_since(patient.id),
            already_signed=queries.valid(patient.id) is not None,
        )
    )
    return document


@transaction.atomic
def sign(
    patient_id: uuid.UUID,
    *,
    version: int,
    typed_name: str,
    by: Actor,
    at: datetime,
    witness_name: str = "",
) -> Consent:
    """The person signs the document, on their own page or on the clinic's with a member of staff as witness.

    The signature is bound to the SHA-256 of exactly the text shown; a staff member signs as witness by
    typing their own name.
    """
    patient = _locked(patient_id)
    document = _to_sign(patient, version=version, typed_name=typed_name)
    content = rules.content_to_sign(document, patient_name=patient.name, record_number=patient.mrn)
    witnessed = by.role != Role.PATIENT
    key = uuid7()
    signature = sign_content(
        content.encode(),
        meaning="Witnessed the patient's signature" if witnessed else "I agree to the treatment",
        typed_name=witness_name if witnessed else by.name,
        subject=("consent", key),
        by=by,
        at=at,
    )
    consent = Consent.objects.create(
        id=key,
        patient=patient,
        document=document.key,
        version=document.version,
        content=content,
        content_hash=hashlib.sha256(content.encode()).digest(),
        signed_name=" ".join(typed_name.split()),
        signature=signature,
        witnessed=witnessed,
        **by.stamp(at),
    )
    record(
        "consent.signed",
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("consent", consent.id),
        details={"document": document.name, "hash": bytes(consent.content_hash).hex()},
    )
    return consent


@transaction.atomic
def withdraw(consent_id: uuid.UUID, *, by: Actor, at: datetime, why: str = "") -> Withdrawal:
    """Take a consent back. Asking for less is possible at any time, also during a session."""
    found = queries.one(consent_id)
    if found is None:
        raise Refused(Objection("consent", "There is no such consent here."))
    _locked(found.patient_id)
    if Withdrawal.objects.filter(consent=found).exists():
        raise Refused(Objection("withdrawn", "This consent has already been withdrawn."))
    row = Withdrawal.objects.create(consent=found, why=why.strip()[:300], **by.stamp(at))
    if queries.impaired_since(found.patient_id) is not None:
        raise_alert(
            found.patient_id,
            kind="consent_withdrawn",
            text="Consent was withdrawn before the person was clear after a dose. Nothing more is given.",
            owner_membership_id=owner_for(found.patient_id, Role.PRESCRIBER, Role.NURSE),
            cause=("consent", found.id),
            by=by,
            at=at,
        )
    record("consent.withdrawn", by=by, at=at, patient_id=found.patient_id, subject=("consent", found.id))
    return row


@transaction.atomic
def choose(patient_id: uuid.UUID, *, values: dict[str, str], by: Actor, at: datetime) -> None:
    """Keep the person's choices; once a dose has started they can only ask for less (H19)."""
    _locked(patient_id)
    chosen, since = queries.choices(patient_id), queries.impaired_since(patient_id)
    found: list[Objection] = []
    for name, value in values.items():
        found += rules.objections_to_choosing(
            name=name, value=value, now_chosen=chosen.get(name, ""), impaired_since=since
        )
    refuse_if(found)
    fresh = not queries.choices_made(patient_id)
    changed = {n: v.strip() for n, v in values.items() if fresh or v.strip() != chosen[n]}
    for name, value in changed.items():
        Choice.objects.create(patient_id=patient_id, name=name, value=value, **by.stamp(at))
    if changed:
        details = {"names": sorted(changed), "during_session": since is not None}
        record("consent.chosen", by=by, at=at, patient_id=patient_id, details=details)


@transaction.atomic
def begin_impairment(
    patient_id: uuid.UUID, *, cause: tuple[str, uuid.UUID], by: Actor, at: datetime
) -> Impairment:
    """A dose has started: from now on nothing is signed. Told twice, it holds once."""
    _locked(patient_id)
    row, new = Impairment.objects.get_or_create(
        patient_id=patient_id, cause_kind=cause[0], cause_id=cause[1], defaults=by.stamp(at)
    )
    if new:
        record("consent.impairment_began", by=by, at=at, patient_id=patient_id, subject=cause)
    return row


@transaction.atomic
def end_impairment(patient_id: uuid.UUID, *, cause: tuple[str, uuid.UUID], by: Actor, at: datetime) -> None:
    """The person has left in a clear state."""
    _locked(patient_id)
    row = Impairment.objects.filter(
        patient_id=patient_id, cause_kind=cause[0], cause_id=cause[1], ended_at__isnull=True
    ).first()
    if row is None:
        return
    row.ended_at, row.ended_by_name = at, by.name
    row.save(update_fields=["ended_at", "ended_by_name"])
    record("consent.impairment_ended", by=by, at=at, patient_id=patient_id, subject=cause)
