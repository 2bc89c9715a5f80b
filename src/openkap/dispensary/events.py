"""What is recorded of dispensary: the event of each verb, with its details. Pure."""

from __future__ import annotations

import uuid
from decimal import Decimal

from openkap.kernel.event import DomainEvent


class ProductStocked(DomainEvent, verb="dispensary.stocked"):
    """A product was put on the clinic's formulary."""

    product: str
    strength_mg_per_ml: Decimal


class ProductWithdrawn(DomainEvent, verb="dispensary.withdrawn"):
    """A product was taken off the formulary."""


class DrugIssued(DomainEvent, verb="dispensary.issued"):
    """Drug was taken from stock for a dose."""

    amount_mg: Decimal
    dose_id: uuid.UUID
