"""Reading the chart."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from openkap.chart.models import Entry, EntryVoided, Fact, ListAsked, ListKind, Result
from openkap.kernel.answer import Answer


def entries(patient_id: uuid.UUID, *, kind: str, with_voided: bool = False) -> list[Entry]:
    """A list of the chart: what runs now first, then by when it was written."""
    rows = Entry.objects.filter(patient_id=patient_id, kind=kind)
    rows = rows.prefetch_related(Prefetch("voids", queryset=EntryVoided.objects.all()))
    if not with_voided:
        rows = rows.filter(voids__isnull=True)
    return list(rows.order_by("-active", "text", "id"))


def list_answer(patient_id: uuid.UUID, *, kind: str) -> Answer:
    """Whether a list was asked for: yes (there are entries), no (there are none), or not asked."""
    last = ListAsked.objects.filter(patient_id=patient_id, kind=kind).order_by("-at", "-id").first()
    answer = Answer(last.answer) if last else Answer.NOT_ASKED
    if answer is Answer.NO and any(it.active for it in entries(patient_id, kind=kind)):
        return Answer.YES  # two records became one: what stands in the list is never hidden by a "none"
    return answer


def list_asked_at(patient_id: uuid.UUID, *, kind: str) -> datetime | None:
    """When the list was last asked for."""
    last = ListAsked.objects.filter(patient_id=patient_id, kind=kind).order_by("-at", "-id").first()
    return last.at if last else None


def facts(patient_id: uuid.UUID) -> dict[str, Fact]:
    """The newest answer to each question, by the question's name."""
    rows = Fact.objects.filter(patient_id=patient_id).order_by("name", "-at", "-id").distinct("name")
    return {fact.name: fact for fact in rows}


def last_result(patient_id: uuid.UUID, code: str) -> Result | None:
    """The newest value of a code that has not proved wrong."""
    return _true(patient_id).filter(code=code).order_by("-measured_at", "-id").first()


def _true(patient_id: uuid.UUID) -> QuerySet[Result]:
    return Result.objects.filter(patient_id=patient_id, voids__isnull=True)


def results(patient_id: uuid.UUID, code: str, *, limit: int = 50) -> list[Result]:
    """The values of a code that have not proved wrong, newest first."""
    return list(_true(patient_id).filter(code=code).order_by("-measured_at", "-id")[:limit])


def measured(patient_id: uuid.UUID) -> QuerySet[Result]:
    """Everything that was ever measured, newest first, with what proved wrong."""
    rows = Result.objects.filter(patient_id=patient_id).prefetch_related("voids")
    return rows.order_by("-measured_at", "-id")


def last_results(patient_id: uuid.UUID) -> dict[str, Result]:
    """The newest value of every code that has not proved wrong, by code."""
    rows = _true(patient_id).order_by("code", "-measured_at", "-id").distinct("code")
    return {result.code: result for result in rows}


def allergy_line(patient_id: uuid.UUID) -> tuple[Answer, list[str]]:
    """What the banner says of allergies: asked or not, and which."""
    names = [entry.text for entry in entries(patient_id, kind=ListKind.ALLERGY) if entry.active]
    return list_answer(patient_id, kind=ListKind.ALLERGY), names


def patient_of_entry(entry_id: uuid.UUID) -> uuid.UUID | None:
    """Whose chart an entry stands in."""
    return Entry.objects.filter(id=entry_id).values_list("patient_id", flat=True).first()


def patient_of_result(result_id: uuid.UUID) -> uuid.UUID | None:
    """Whose value it is."""
    return Result.objects.filter(id=result_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"entry": patient_of_entry, "result": patient_of_result}
