"""Reading the formulary."""

from __future__ import annotations

from openkap.dispensary.models import FormularyItem


def formulary(product: str = "") -> list[FormularyItem]:
    """The products in use, or the one of this kind."""
    rows = FormularyItem.objects.filter(withdrawn_at__isnull=True)
    if product:
        rows = rows.filter(product=product)
    return list(rows.order_by("product"))
