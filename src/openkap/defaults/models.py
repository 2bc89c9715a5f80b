"""The numbers a clinic has proposed and its medical director has signed."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act, Signature
from openkap.tenancy.fields import ClinicKey, ClinicOneToOne
from openkap.tenancy.history import append_only


@append_only
class ProposedDefault(Act):
    """Another value for one of the clinic's numbers, as one person proposes it; signed by another it acts."""

    group = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    value = models.IntegerField()
    why = models.CharField(max_length=300)

    @property
    def key(self) -> str:
        """The number's key."""
        return f"{self.group}.{self.name}"

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


@append_only
class SignedDefault(Act):
    """A number the medical director signed: one that ships, or one that somebody else proposed."""

    group = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    value = models.IntegerField()
    proposal = ClinicOneToOne(ProposedDefault, models.PROTECT, null=True, related_name="signed")
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["clinic", "group", "name", "at"], name="defaults_signed_last")]

    def __str__(self) -> str:
        return f"{self.group}.{self.name}: {self.value}"
