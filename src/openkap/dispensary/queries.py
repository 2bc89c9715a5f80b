"""Reading the formulary and what was taken from it."""

from __future__ import annotations

import uuid

from openkap.dispensary.models import FormularyItem, Issue


def formulary(product: str = "") -> list[FormularyItem]:
    """The products in use, or the one of this kind."""
    rows = FormularyItem.objects.filter(withdrawn_at__isnull=True)
    if product:
        rows = rows.filter(product=product)
    return list(rows.order_by("product"))


def issues_of(session_id: uuid.UUID) -> list[Issue]:
    """What was taken from stock in a session, oldest first."""
    return list(Issue.objects.filter(session_id=session_id).select_related("item"))
