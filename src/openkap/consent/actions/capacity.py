"""A prescriber has talked with the person, and signs whether they could decide."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from openkap.accounts.actions import sign as sign_content
from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.consent import documents, queries, rules
from openkap.consent.actions.locking import locked
from openkap.consent.events import (
    CapacitySigned,
)
from openkap.consent.models import (
    Capacity,
)
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if
from openkap.people.models import Patient


@dataclass(frozen=True, slots=True)
class CapacityTalk:
    """What a prescriber found when they talked with the person."""

    could_decide: bool
    abilities: frozenset[str] = frozenset()
    explained_again: frozenset[str] = frozenset()
    note: str = ""


@transaction.atomic
def sign_capacity(
    patient_id: uuid.UUID, *, talk: CapacityTalk, typed_name: str, by: Actor, at: datetime
) -> Capacity:
    """A prescriber has talked with the person, and signs whether they could decide."""
    patient = locked(patient_id)
    document = documents.current()
    refuse_if(
        rules.objections_to_capacity(
            document,
            role=by.role,
            understood=frozenset(queries.understood(patient_id, document)),
            could_decide=talk.could_decide,
            abilities=talk.abilities,
            note=talk.note,
            impaired_since=queries.impaired_since(patient_id),
        )
    )
    assessment = {
        "could_decide": talk.could_decide,
        "abilities": sorted(talk.abilities),
        "explained_again": sorted(talk.explained_again),
        "note": talk.note.strip()[:1000],
    }
    kept_talk = _keep_talk(patient, document, talk=assessment, typed_name=typed_name, by=by, at=at)
    record(
        CapacitySigned(document=document.name, could_decide=talk.could_decide),
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("capacity", kept_talk.id),
    )
    return kept_talk


def _keep_talk(
    patient: Patient,
    document: documents.Document,
    *,
    talk: dict[str, Any],
    typed_name: str,
    by: Actor,
    at: datetime,
) -> Capacity:
    key = uuid7()
    signature = sign_content(
        json.dumps({"patient": patient.mrn, "document": document.name, **talk}, sort_keys=True).encode(),
        meaning="I talked with the person, and this is what I found about their ability to decide",
        typed_name=typed_name,
        subject=("capacity", key),
        by=by,
        at=at,
    )
    return Capacity.objects.create(
        id=key,
        patient=patient,
        document=document.key,
        version=document.version,
        signature=signature,
        **talk,
        **by.stamp(at),
    )
