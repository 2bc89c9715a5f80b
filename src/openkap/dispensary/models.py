"""The formulary: the products a clinic stocks, each in one strength (H03), and what was taken from it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act
from openkap.kernel.quantity import MilligramsPerMillilitre, Millilitres
from openkap.kernel.tablets import MilligramsPerTablet, Tablets
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked


class Product(models.TextChoices):
    """The products of the protocol packs."""

    RACEMIC_IV = "racemic_iv", _("Ketamine, intravenous")
    RACEMIC_IM = "racemic_im", _("Ketamine, intramuscular")
    RACEMIC_SC = "racemic_sc", _("Ketamine, subcutaneous")
    RACEMIC_SL_ORAL = "racemic_sl_oral", _("Ketamine, sublingual or oral")
    RACEMIC_IN_COMPOUNDED = "racemic_in_compounded", _("Ketamine, nasal, compounded")
    ESKETAMINE_IN = "esketamine_in", _("Esketamine, nasal")


# What is counted in tablets or lozenges: its strength is mg in one, and a packet holds so many.
COUNTED = frozenset({Product.RACEMIC_SL_ORAL})


def strength_of(product: str, amount: Decimal) -> MilligramsPerMillilitre | MilligramsPerTablet:
    """A strength in the unit of the product: mg in one mL, or in one tablet."""
    return MilligramsPerTablet(amount) if product in COUNTED else MilligramsPerMillilitre(amount)


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

    @property
    def strength(self) -> MilligramsPerMillilitre | MilligramsPerTablet:
        """The strength in its own unit."""
        return strength_of(self.product, self.strength_mg_per_ml)

    @property
    def content(self) -> Millilitres | Tablets:
        """What a vial or a packet holds."""
        return Tablets(self.vial_ml) if self.product in COUNTED else Millilitres(self.vial_ml)


@append_only
class Issue(Act):
    """What was taken from stock for one dose, written in the dose's own transaction.

    The dose and its session stand above this app, so their keys are kept bare.
    """

    item = ClinicKey(FormularyItem, models.PROTECT, related_name="issues")
    patient = ClinicKey(Patient, models.PROTECT, related_name="issues")
    session_id = models.UUIDField(editable=False)
    dose_id = models.UUIDField(editable=False)
    amount_mg = models.DecimalField(max_digits=9, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "dose_id"], name="dispensary_issued_once"),
            models.CheckConstraint(condition=models.Q(amount_mg__gt=0), name="dispensary_issue_positive"),
        ]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.amount_mg} mg of {self.item}"
