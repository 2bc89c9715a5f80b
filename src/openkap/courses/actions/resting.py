"""The rest of an order whose dose was stopped: a new order, never more than was left (H05)."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.courses import dose_rules
from openkap.courses.actions.ordering import locked_order
from openkap.courses.events import RestOrdered
from openkap.courses.models import Course, Order, OrderedDose
from openkap.courses.regimen import InfusionRegimen
from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import Minutes, plain
from openkap.kernel.refusal import refuse_if

TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
COPIED = (
    "planned_session", "weight_kg", "weight_basis", "weighed_at", "formulary_item",
    "strength_mg_per_ml", "diluted", "needs_second", "flags",
)  # fmt: skip


@transaction.atomic
def order_rest(
    order_id: uuid.UUID,
    *,
    left_mg: Decimal,
    dose_mg: Decimal,
    why: str,
    typed_name: str,
    by: Actor,
    at: datetime,
) -> Order:
    """Order what was left when the dose of this order was stopped. `left_mg` is what dosing worked out."""
    first, course = locked_order(order_id)
    continued = first.continued_by.filter(withdrawals__isnull=True).exists()
    refuse_if(
        dose_rules.objections_to_rest(
            wanted_mg=dose_mg, left_mg=left_mg, role=by.role, why=why, continued=continued
        )
    )
    key = uuid7()
    regimen = _regimen(first, dose_mg)
    content = _words(first, course, dose_mg=dose_mg, left_mg=left_mg, regimen=regimen, why=why)
    signature = sign(
        content.encode(),
        meaning="I order the rest of this dose",
        typed_name=typed_name,
        subject=("order", key),
        by=by,
        at=at,
    )
    rest_order = Order.objects.create(
        id=key,
        continues=first,
        regimen=regimen,
        reason=why.strip()[:500],
        content=content,
        signature=signature,
        **_amounts(first, dose_mg),
        **{name: getattr(first, name) for name in COPIED},
        **by.stamp(at),
    )
    told = {"dose_mg": rest_order.dose_mg, "volume_ml": rest_order.volume_ml}
    OrderedDose.objects.create(order=rest_order, number=1, **told, **by.stamp(at))
    record(
        RestOrdered(dose_mg=dose_mg, left_mg=left_mg, continues_id=first.id),
        by=by,
        at=at,
        patient_id=course.patient_id,
        subject=("order", rest_order.id),
        why=why,
    )
    return rest_order


def _regimen(first: Order, dose_mg: Decimal) -> InfusionRegimen:
    """The rest at the rate of the first order, over the time that takes."""
    if not isinstance(first.regimen, InfusionRegimen):
        raise dose_rules.no_rest()
    rate = first.regimen.rate
    minutes = (dose_mg * 60 / rate.value).quantize(TENTH, rounding=ROUND_HALF_UP)
    return InfusionRegimen(Minutes(max(minutes, TENTH)), rate)


def _amounts(first: Order, dose_mg: Decimal) -> dict[str, Decimal | None]:
    """The rest in every unit, by the weight and the vial of the first order."""
    per_kg = None
    if first.weight_kg is not None:
        per_kg = (dose_mg / first.weight_kg).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    volume = (dose_mg / first.strength_mg_per_ml).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
    return {"dose_mg": dose_mg, "dose_mg_per_kg": per_kg, "volume_ml": max(volume, HUNDREDTH)}


def _words(
    first: Order, course: Course, *, dose_mg: Decimal, left_mg: Decimal, regimen: InfusionRegimen, why: str
) -> str:
    lines = [
        f"{course.patient.name}, {course.patient.mrn}",
        f"Session {first.planned_session.number}: the rest of the order signed {first.at.isoformat()}",
        f"{plain(dose_mg)} mg of the {plain(left_mg)} mg that were left when it was stopped",
        f"{first.formulary_item.name}, {first.strength}",
        f"At the same {regimen.rate}, about {regimen.minutes}",
        f"Reason: {why.strip()}",
    ]
    return "\n".join(lines)
