"""The formulary: the products a clinic stocks, each in one strength (hazard H03)."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act
from openkap.tenancy.history import tracked


class Product(models.TextChoices):
    """The products of the protocol packs."""

    RACEMIC_IV = "racemic_iv", "Ketamine, intravenous"
    RACEMIC_IM = "racemic_im", "Ketamine, intramuscular"
    RACEMIC_SC = "racemic_sc", "Ketamine, subcutaneous"
    RACEMIC_SL_ORAL = "racemic_sl_oral", "Ketamine, sublingual or oral"
    RACEMIC_IN_COMPOUNDED = "racemic_in_compounded", "Ketamine, nasal, compounded"
    ESKETAMINE_IN = "esketamine_in", "Esketamine, nasal"


@tracked
class FormularyItem(Act):
    """One product as this clinic stocks it. A second strength of a product is refused while one is in use."""

    product = models.CharField(max_length=30, choices=Product.choices)
    name = models.CharField(max_length=120)
    strength_mg_per_ml = models.DecimalField(max_digits=7, decimal_places=2)
    vial_ml = models.DecimalField(max_digits=7, decimal_places=2)
    ndc = models.CharField("NDC", max_length=20, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "product"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="dispensary_one_strength",
            ),
            models.CheckConstraint(
                condition=models.Q(strength_mg_per_ml__gt=0, vial_ml__gt=0), name="dispensary_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name
