"""The dose: one administration of one order, and everything that happened to it."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act
from openkap.courses.models import Order
from openkap.dosing.phrases import DoseStepPhrase
from openkap.kernel.wording import shown
from openkap.people.models import Patient
from openkap.tenancy.constraints import SameRow
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked
from openkap.watch.models.session import Session


@append_only
class SecondCheck(Act):
    """The independent check of order, vial and pump; bound to the order's words, with what was read off.

    Who makes it is named for it, neither signed the order nor starts the dose.
    """

    session = ClinicKey(Session, models.PROTECT, related_name="second_checks")
    order = ClinicKey(Order, models.PROTECT, related_name="second_checks")
    content_hash = models.CharField(max_length=64)
    strength_mg_per_ml = models.DecimalField(max_digits=7, decimal_places=2)
    rate_mg_per_hour = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    def __str__(self) -> str:
        return self.by_name


@tracked
class Dose(Act):
    """One administration. The database holds H05: one open in a person, each of an order once."""

    session = ClinicKey(Session, models.PROTECT, related_name="doses")
    patient = ClinicKey(Patient, models.PROTECT, related_name="+")
    order = ClinicKey(Order, models.PROTECT, related_name="doses")
    number = models.PositiveSmallIntegerField(default=1)
    ordered_mg = models.DecimalField(max_digits=8, decimal_places=2)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=models.Q(ended_at__isnull=True),
                name="dosing_one_open_dose",
            ),
            models.UniqueConstraint(fields=["clinic", "order", "number"], name="dosing_order_given_once"),
            SameRow(fields=["order", "number"], to="courses.OrderedDose", name="dosing_dose_was_ordered"),
            models.CheckConstraint(condition=models.Q(ordered_mg__gt=0), name="dosing_dose_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.ordered_mg} mg"


@append_only
class DoseStep(Act):
    """A start, pause, new rate, resume, stop or end. `at` is when it happened, by the server's clock."""

    dose = ClinicKey(Dose, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10)
    rate_mg_per_h = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "dose"],
                condition=models.Q(kind__in=["start", "given"]),
                name="dosing_dose_begins_once",
            ),
            models.UniqueConstraint(
                fields=["clinic", "dose"],
                condition=models.Q(kind__in=["stop", "end", "given"]),
                name="dosing_dose_ends_once",
            ),
        ]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M:%S}"

    @property
    def words(self) -> str:
        """What happened, in words."""
        return shown(DoseStepPhrase[self.kind.upper()])
