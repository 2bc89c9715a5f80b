"""Writing what another system told into the chart, in one act."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.chart import queries, rules
from openkap.chart.actions.entries import NewEntry, write_entry
from openkap.chart.actions.results import NewResult, born
from openkap.chart.events import ChartImported
from openkap.chart.models import ListAsked, ListKind, Result
from openkap.kernel.answer import Answer
from openkap.kernel.measured import objections_to_time
from openkap.kernel.refusal import refuse_if
from openkap.people.models import Patient


@transaction.atomic
def import_entries(
    patient_id: uuid.UUID,
    *,
    entries: list[NewEntry],
    results: list[NewResult],
    source: str,
    by: Actor,
    at: datetime,
) -> None:
    """Write what another system told into the chart, in one act; a list it did not send stays not asked."""
    Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    stamp = by.stamp(at)
    entries = [replace(it, none_known=it.none_known or rules.says_none(it.text)) for it in entries]
    for new in entries:
        if not new.none_known:
            write_entry(patient_id, new, source=source, stamp=stamp)
    for kind in sorted({new.kind for new in entries}):
        answer = rules.list_answer([(it.active, it.none_known) for it in entries if it.kind == kind])
        before = queries.list_answer(patient_id, kind=kind)
        if answer is Answer.YES or (answer is Answer.NO and before is Answer.NOT_ASKED):
            ListAsked.objects.create(patient_id=patient_id, kind=ListKind(kind), answer=answer, **stamp)
    _write_results(patient_id, results, source=source, at=at, stamp=stamp)
    record(
        ChartImported(entries=len(entries), results=len(results), source=source),
        by=by,
        at=at,
        patient_id=patient_id,
    )


def _write_results(
    patient_id: uuid.UUID, results: list[NewResult], *, source: str, at: datetime, stamp: dict[str, Any]
) -> None:
    earliest = born(patient_id)
    refuse_if(
        [*rules.exchanged_pressures([(it.measured_at, it.code.code, it.value) for it in results]).values()]
    )
    for result in results:
        refuse_if(
            [
                *rules.objections_to_result(code=result.code.code, value=result.value, unit=result.unit),
                *objections_to_time(result.measured_at, at=at, not_before=earliest),
            ]
        )
        Result.objects.create(
            patient_id=patient_id,
            code_system=result.code.system,
            code=result.code.code,
            text=result.text[:200],
            value=result.value,
            unit=result.unit,
            measured_at=result.measured_at,
            source=source,
            labels=[[it.system, it.code, it.display] for it in result.labels],
            **stamp,
        )
