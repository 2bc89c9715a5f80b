"""The writers of referrals."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.chart import actions as chart_actions
from openkap.interop import rules
from openkap.interop.events import ReferralImported, ReferralReceived
from openkap.interop.fhir.bundle import UnderstoodBundle, load, read_bundle
from openkap.interop.fhir.reading import BundleRefused
from openkap.interop.referrals import reading
from openkap.interop.referrals.models import Referral, ReferralTaken
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.refusal import refuse_if
from openkap.people import actions as people_actions
from openkap.people import queries as patients
from openkap.people.models import Patient


def understand(content: bytes, *, at: datetime) -> UnderstoodBundle:
    """Read a referral, or refuse it with every place that is wrong. A letter is kept and read by people."""
    letter = reading.letter(content)
    if letter is not None:
        return letter
    try:
        return read_bundle(load(content), today=at.date())
    except BundleRefused as error:
        raise rules.unreadable((one.path, one.text) for one in error.problems) from error


@transaction.atomic
def receive(content: bytes, *, sender: str, by: Actor, at: datetime) -> Referral:
    """Keep a referral exactly as it was sent. The same bytes received again are the same referral."""
    understand(content, at=at)
    digest = hashlib.sha256(content).digest()
    known = Referral.objects.filter(content_hash=digest).first()
    if known is not None:
        return known
    referral = Referral.objects.create(
        sender=sender.strip()[:120] or "not said", content=content, content_hash=digest, **by.stamp(at)
    )
    record(
        ReferralReceived(sender=referral.sender, bytes=len(content), sha256=digest.hex()),
        by=by,
        at=at,
        subject=("referral", referral.id),
    )
    return referral


@transaction.atomic
def take(
    referral_id: uuid.UUID, *, patient_id: uuid.UUID | None = None, mrn: str = "", by: Actor, at: datetime
) -> Patient:
    """Take a referral into a chart: of someone who is here already, or of a new person."""
    referral = Referral.objects.get(id=referral_id)
    if ReferralTaken.objects.filter(referral=referral).exists():
        raise rules.taken_already()
    understood = understand(bytes(referral.content), at=at)
    patient_id = patient_id or _by_record_number(mrn)
    if patient_id is None:
        refuse_if(reading.objections_to_taking(understood))
        patient = people_actions.register(particulars=_particulars(understood), by=by, at=at)
    else:
        patient = Patient.objects.select_for_update(no_key=True).get(id=patient_id)
        refuse_if(reading.objections_to_joining(understood, name=patient.name, birth_date=patient.birth_date))
    ReferralTaken.objects.create(referral=referral, patient=patient, **by.stamp(at))
    chart_actions.import_entries(
        patient.id,
        entries=_entries(understood),
        results=_results(understood, at=at),
        source=referral.sender,
        by=by,
        at=at,
    )
    record(
        ReferralImported(not_understood=len(understood.not_understood)),
        by=by,
        at=at,
        patient_id=patient.id,
        subject=("referral", referral.id),
    )
    return patient


def _by_record_number(mrn: str) -> uuid.UUID | None:
    """The person who goes by this record number; None when none was given."""
    if not mrn.strip():
        return None
    patient = patients.by_mrn(mrn)
    if patient is None:
        raise rules.no_such_record(mrn)
    return patient.id


def _particulars(understood: UnderstoodBundle) -> dict[str, object]:
    read = understood.patient
    return {
        "given_name": read.given_name[:80],
        "family_name": read.family_name[:80],
        "birth_date": read.birth_date,
        "sex": read.sex,
        "phone": read.phone[:40],
        "email": read.email,
        "address": read.address,
        "language": read.language[:20] or "en",
    }


def _entries(understood: UnderstoodBundle) -> list[chart_actions.NewEntry]:
    """Every list that was told, and that one was asked and is empty; what was not told stays out."""
    told = [*_problems(understood), *_medicines(understood), *_allergies(understood)]
    return [*told, *_nothing(understood)]


def _problems(understood: UnderstoodBundle) -> Iterator[chart_actions.NewEntry]:
    for problem in understood.problems:
        shown_first = sorted(problem.codes, key=lambda code: code.system != "icd10cm")
        yield chart_actions.NewEntry(
            kind="problem",
            text=problem.marked,
            codes=tuple(shown_first),
            known_code=problem.known_code,
            active=problem.active,
            started_on=problem.started_on,
            ended_on=problem.ended_on,
            labels=_labels(understood, problem.labels),
        )


def _medicines(understood: UnderstoodBundle) -> Iterator[chart_actions.NewEntry]:
    for medicine in understood.medicines:
        yield chart_actions.NewEntry(
            kind="medicine",
            text=medicine.text,
            codes=medicine.codes,
            known_code=medicine.known_code,
            active=medicine.active,
            dose_text=medicine.dose_text,
            started_on=medicine.started_on,
            labels=_labels(understood, medicine.labels),
        )


def _allergies(understood: UnderstoodBundle) -> Iterator[chart_actions.NewEntry]:
    for allergy in understood.allergies:
        yield chart_actions.NewEntry(
            kind="allergy",
            text=allergy.text,
            codes=allergy.codes,
            active=allergy.active,
            reaction=allergy.reaction,
            labels=_labels(understood, allergy.labels),
        )


def _nothing(understood: UnderstoodBundle) -> Iterator[chart_actions.NewEntry]:
    """The lists of which the sender says that there is nothing."""
    for kind, answer in understood.asked.items():
        if answer is Answer.NO:
            yield chart_actions.NewEntry(kind=kind, text="", none_known=True)


def _results(understood: UnderstoodBundle, *, at: datetime) -> list[chart_actions.NewResult]:
    return [
        chart_actions.NewResult(
            code=it.code,
            text=it.text,
            value=it.value,
            unit=it.unit,
            measured_at=it.measured_at,
            labels=_labels(understood, it.labels),
        )
        for it in reading.sort_results(understood, at=at).charted
    ]


def _labels(understood: UnderstoodBundle, own: tuple[Code, ...]) -> tuple[Code, ...]:
    """The labels of one entry: its own, and those of the whole bundle."""
    return tuple(dict.fromkeys((*understood.bundle_labels, *own)))
