"""Agreeing: handing the screen over, answering, the prescriber's talk, signing, and taking it back."""

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
from openkap.consent.actions.locking import locked, signer_of
from openkap.consent.events import (
    ConsentSigned,
    ConsentUnderstood,
    ConsentWithdrawn,
    ScreenHandedOver,
    ScreenTakenBack,
)
from openkap.consent.models import (
    Capacity,
    Consent,
    HandOver,
    Understood,
    Withdrawal,
)
from openkap.consent.statements import ConsentStatement
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if
from openkap.people.models import Patient


@transaction.atomic
def hand_over(
    patient_id: uuid.UUID, *, identity_checked: bool, typed_name: str, by: Actor, at: datetime
) -> HandOver:
    """A clinician hands a screen of the clinic to the person, and signs that they made sure who it is."""
    patient = locked(patient_id)
    refuse_if(rules.objections_to_handing_over(role=by.role, identity_checked=identity_checked))
    key = uuid7()
    signature = sign_content(
        f"{patient.name}, {patient.mrn}".encode(),
        meaning="Handed the screen to the person, whose name and date of birth I asked for",
        typed_name=typed_name,
        subject=("hand_over", key),
        by=by,
        at=at,
    )
    handed = HandOver.objects.create(id=key, patient=patient, signature=signature, **by.stamp(at))
    record(ScreenHandedOver(), by=by, at=at, patient_id=patient_id, subject=("hand_over", key))
    return handed


@transaction.atomic
def take_back(hand_over_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """The screen is back with the clinic. Taken back twice, it is back once."""
    handed = HandOver.objects.select_for_update().filter(id=hand_over_id, ended_at__isnull=True).first()
    if handed is not None:
        handed.ended_at = at
        handed.save(update_fields=["ended_at"])
        record(
            ScreenTakenBack(), by=by, at=at, patient_id=handed.patient_id, subject=("hand_over", hand_over_id)
        )


@transaction.atomic
def answer_parts(
    patient_id: uuid.UUID,
    *,
    answers: dict[str, str],
    by: Actor,
    at: datetime,
    hand_over_id: uuid.UUID | None = None,
) -> list[Understood]:
    """Keep what the person answers to the questions of the document, each once, in their own words."""
    locked(patient_id)
    document = documents.current()
    impaired, signer = (
        queries.impaired_since(patient_id),
        signer_of(by, patient_id, hand_over_id=hand_over_id),
    )
    refuse_if(rules.objections_to_understanding(document, answers, signer=signer, impaired_since=impaired))
    known = queries.understood(patient_id, document)
    rows = [
        Understood.objects.create(
            patient_id=patient_id,
            document=document.key,
            version=document.version,
            element=element,
            answer=answer.strip(),
            hand_over_id=hand_over_id,
            **by.stamp(at),
        )
        for element, answer in answers.items()
        if element not in known
    ]
    if rows:
        elements = tuple(row.element for row in rows)
        understood = ConsentUnderstood(elements=elements, document=document.name)
        record(understood, by=by, at=at, patient_id=patient_id)
    return rows


def _to_sign(
    patient: Patient, *, version: int, typed_name: str, signer: rules.Signer
) -> tuple[documents.Document, Capacity]:
    """The document of this version with the talk about it, when nothing stands against signing it now."""
    newest = documents.current()
    if (newest.key, version) not in documents.known():
        raise rules.no_such_version()
    document, capacity = documents.load(newest.key, version), queries.capacity(patient.id)
    refuse_if(
        rules.objections_to_signing(
            document,
            newest=newest,
            understood=frozenset(queries.understood(patient.id, document)),
            typed_name=typed_name,
            patient_name=patient.name,
            impaired_since=queries.impaired_since(patient.id),
            already_signed=queries.valid(patient.id) is not None,
            signer=signer,
            could_decide=capacity.could_decide if capacity else None,
        )
    )
    assert capacity is not None  # without it the rules have objected
    return document, capacity


@transaction.atomic
def sign(
    patient_id: uuid.UUID,
    *,
    version: int,
    typed_name: str,
    by: Actor,
    at: datetime,
    hand_over_id: uuid.UUID | None = None,
) -> Consent:
    """The person signs the document: in their own sign-in, or on a screen handed over by a named clinician.

    The signature is bound to the SHA-256 of exactly the text shown.
    """
    patient = locked(patient_id)
    signer = signer_of(by, patient_id, hand_over_id=hand_over_id)
    document, capacity = _to_sign(patient, version=version, typed_name=typed_name, signer=signer)
    content = rules.content_to_sign(
        document, patient_name=patient.name, record_number=patient.mrn, prescriber=capacity.by_name
    )
    consent = _keep(
        patient,
        content,
        document=document,
        capacity=capacity,
        typed_name=typed_name,
        hand_over_id=hand_over_id,
        by=by,
        at=at,
    )
    record(
        ConsentSigned(document=document.name, hash=bytes(consent.content_hash).hex()),
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("consent", consent.id),
    )
    return consent


def _keep(
    patient: Patient,
    content: str,
    *,
    document: documents.Document,
    capacity: Capacity,
    typed_name: str,
    hand_over_id: uuid.UUID | None,
    by: Actor,
    at: datetime,
) -> Consent:
    key = uuid7()
    signature = sign_content(
        content.encode(),
        meaning="I agree to the treatment",
        typed_name=by.name,
        subject=("consent", key),
        by=by,
        at=at,
    )
    return Consent.objects.create(
        id=key,
        patient=patient,
        document=document.key,
        version=document.version,
        content=content,
        content_hash=hashlib.sha256(content.encode()).digest(),
        signed_name=" ".join(typed_name.split()),
        signature=signature,
        capacity=capacity,
        hand_over_id=hand_over_id,
        **by.stamp(at),
    )


@transaction.atomic
def withdraw(consent_id: uuid.UUID, *, by: Actor, at: datetime, why: str = "") -> Withdrawal:
    """Take a consent back. Asking for less is possible at any time, also during a session."""
    consent = queries.one(consent_id)
    if consent is None:
        raise rules.no_such_consent()
    locked(consent.patient_id)
    withdrawn = Withdrawal.objects.filter(consent=consent).exists()
    refuse_if(rules.objections_to_withdrawing(withdrawn=withdrawn))
    withdrawal = Withdrawal.objects.create(consent=consent, why=why.strip()[:300], **by.stamp(at))
    if queries.impaired_since(consent.patient_id) is not None:
        raise_alert(
            consent.patient_id,
            kind="consent_withdrawn",
            says=ConsentStatement.WITHDRAWN(),
            owner_membership_id=owner_for(consent.patient_id, Role.PRESCRIBER, Role.NURSE),
            cause=("consent", consent.id),
            by=by,
            at=at,
        )
    record(ConsentWithdrawn(), by=by, at=at, patient_id=consent.patient_id, subject=("consent", consent.id))
    return withdrawal
