"""The writers of the dispensary: the formulary, and what is taken from stock."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.dispensary import rules
from openkap.dispensary.events import DrugIssued, ProductStocked, ProductWithdrawn
from openkap.dispensary.models import FormularyItem, Issue, Product
from openkap.kernel.quantity import MilligramsPerMillilitre
from openkap.kernel.refusal import refuse_if
from openkap.kernel.tablets import MilligramsPerTablet
from openkap.tenancy.locks import lock_numbers


@transaction.atomic
def stock(
    *,
    product: str,
    name: str,
    strength: MilligramsPerMillilitre | MilligramsPerTablet,
    vial_ml: Decimal,
    by: Actor,
    at: datetime,
    ndc: str = "",
    confirmed: bool = False,
) -> FormularyItem:
    """Add a product to the formulary; one strength a product, so that two vials cannot be confused."""
    lock_numbers("dispensary.formulary")
    stocked = FormularyItem.objects.filter(product=product, withdrawn_at__isnull=True).exists()
    refuse_if(
        rules.objections_to_item(
            name=name,
            strength=strength,
            vial_ml=vial_ml,
            confirmed=confirmed,
            stocked=str(Product(product).label) if stocked else "",
        )
    )
    item = FormularyItem.objects.create(
        product=product,
        name=name.strip(),
        strength_mg_per_ml=strength.value,
        vial_ml=vial_ml,
        ndc=ndc.strip(),
        **by.stamp(at),
    )
    record(
        ProductStocked(product=product, strength_mg_per_ml=strength.value),
        by=by,
        at=at,
        subject=("formulary_item", item.id),
    )
    return item


@transaction.atomic
def withdraw(item_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> None:
    """Take a product out of the formulary; orders already made keep the strength they were made with."""
    item = FormularyItem.objects.select_for_update().get(id=item_id)
    refuse_if(rules.objections_to_withdrawing(withdrawn=item.withdrawn_at is not None))
    item.withdrawn_at = at
    item.save(update_fields=["withdrawn_at"])
    record(ProductWithdrawn(), by=by, at=at, subject=("formulary_item", item.id), why=why)


@transaction.atomic
def issue(
    item_id: uuid.UUID,
    *,
    patient_id: uuid.UUID,
    session_id: uuid.UUID,
    dose_id: uuid.UUID,
    amount_mg: Decimal,
    by: Actor,
    at: datetime,
) -> Issue:
    """Take from stock what a dose is given from, in the dose's own transaction; once for each dose.

    Nothing is refused here: what was ordered and checked is given. The order of locks is patient, session,
    product, everywhere, so that two rooms that draw on one product wait for each other and never in a circle.
    """
    item = FormularyItem.objects.select_for_update(no_key=True).get(id=item_id)
    earlier = Issue.objects.filter(dose_id=dose_id).first()
    if earlier is not None:
        return earlier
    issue_row = Issue.objects.create(
        item=item,
        patient_id=patient_id,
        session_id=session_id,
        dose_id=dose_id,
        amount_mg=amount_mg,
        **by.stamp(at),
    )
    record(
        DrugIssued(amount_mg=amount_mg, dose_id=dose_id),
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("formulary_item", item.id),
    )
    return issue_row
