"""A referral as it was received, and what became of it."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only


@append_only
class Referral(Act):
    """A bundle, kept byte for byte as it was sent."""

    sender = models.CharField(max_length=120)
    content = models.BinaryField()
    content_hash = models.BinaryField(max_length=32)

    class Meta:
        app_label = "interop"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "content_hash"], name="interop_referral_once")
        ]

    def __str__(self) -> str:
        return f"referral from {self.sender}"


@append_only
class ReferralTaken(Act):
    """A referral taken into a person's chart."""

    referral = ClinicKey(Referral, models.PROTECT, related_name="taken")
    patient = ClinicKey(Patient, models.PROTECT, related_name="referrals_taken")

    class Meta:
        app_label = "interop"
        constraints = [models.UniqueConstraint(fields=["clinic", "referral"], name="interop_taken_once")]

    def __str__(self) -> str:
        return f"taken by {self.by_name}"
