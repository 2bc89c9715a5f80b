"""Reading screening."""

from __future__ import annotations

import uuid

from openkap.screening.models import Decision


def decisions(patient_id: uuid.UUID) -> list[Decision]:
    """Every decision about a person, newest first."""
    rows = Decision.objects.filter(patient_id=patient_id).select_related("signature", "pack_version")
    return list(rows.prefetch_related("seconds__signature").order_by("-at", "-id"))


def last(patient_id: uuid.UUID) -> Decision | None:
    """The decision that counts: the newest."""
    found = decisions(patient_id)
    return found[0] if found else None


def one(decision_id: uuid.UUID) -> Decision | None:
    """One decision."""
    rows = Decision.objects.filter(id=decision_id).select_related("signature", "pack_version", "patient")
    return rows.prefetch_related("seconds__signature").first()


def waits_for_second(decision: Decision) -> bool:
    """Whether a second prescriber still has to sign."""
    return decision.needs_second and not decision.seconds.all()


def patient_of_decision(decision_id: uuid.UUID) -> uuid.UUID | None:
    """Whose decision it is."""
    return Decision.objects.filter(id=decision_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"decision": patient_of_decision}
