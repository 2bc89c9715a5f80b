"""Measured values."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.chart import queries, rules
from openkap.chart.events import ChartResultAdded, ChartResultVoided
from openkap.chart.models import Result, ResultVoided
from openkap.kernel.code import Code
from openkap.kernel.measured import objections_to_time
from openkap.kernel.refusal import refuse_if
from openkap.people.models import Patient


@dataclass(frozen=True, slots=True)
class NewResult:
    """A measured value as another system told it."""

    code: Code
    text: str
    value: Decimal
    unit: str
    measured_at: datetime
    labels: tuple[Code, ...] = ()


def born(patient_id: uuid.UUID) -> datetime:
    """The first moment at which something could have been measured of a person, wherever they were born."""
    born = Patient.objects.values_list("birth_date", flat=True).get(id=patient_id)
    return datetime.combine(born, time(), tzinfo=UTC) - timedelta(days=1)


@transaction.atomic
def add_result(
    patient_id: uuid.UUID,
    *,
    code: Code,
    by: Actor,
    at: datetime,
    measured_at: datetime,
    value: Decimal | None = None,
    value_text: str = "",
    unit: str = "",
    source: str = "clinic",
    confirmed: bool = False,
) -> Result:
    """Write a measured value down, unless it is impossible or its unit is not the one we keep."""
    Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    objections = objections_to_time(measured_at, at=at, not_before=born(patient_id))
    if value is not None:
        objections += rules.objections_to_result(code=code.code, value=value, unit=unit)
        if code.code == rules.WEIGHT and source == "clinic":
            last = queries.last_result(patient_id, rules.WEIGHT)
            objections += rules.objections_to_weight_change(
                value, last.value if last else None, confirmed=confirmed
            )
    refuse_if(objections)
    result = Result.objects.create(
        patient_id=patient_id,
        code_system=code.system,
        code=code.code,
        text=code.display[:200],
        value=value,
        value_text=value_text[:200],
        unit=unit,
        measured_at=measured_at,
        source=source,
        **by.stamp(at),
    )
    record(
        ChartResultAdded(code=str(code), source=source),
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("result", result.id),
    )
    return result


@transaction.atomic
def void_result(result_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Take a measured value out of use because it proved wrong; it stays visible, struck through."""
    result = Result.objects.get(id=result_id)
    Patient.objects.select_for_update(no_key=True).get(id=result.patient_id)
    voided = ResultVoided.objects.filter(result=result).exists()
    refuse_if(rules.objections_to_voiding_value(why=why, voided=voided))
    ResultVoided.objects.create(result=result, why=why.strip(), **by.stamp(at))
    record(
        ChartResultVoided(),
        by=by,
        at=at,
        patient_id=result.patient_id,
        subject=("result", result.id),
        why=why,
    )
