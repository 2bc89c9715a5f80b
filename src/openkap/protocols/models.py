"""The protocol packs a clinic has adopted, and the rows its medical director has signed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext

from openkap.accounts.models import Act, Signature
from openkap.tenancy.fields import ClinicKey, ClinicOneToOne
from openkap.tenancy.history import append_only


@append_only
class PackVersion(Act):
    """One version of a pack as the clinic took it over, whole; a course is bound to it for good (H44)."""

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    product = models.CharField(max_length=30)
    body = models.JSONField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "key", "version"], name="protocols_version_once")
        ]
        ordering = ["key", "-version"]

    def __str__(self) -> str:
        return gettext("%(title)s, version %(version)s") % {"title": self.title, "version": self.version}


@append_only
class ProposedNumber(Act):
    """A number the pack leaves to the clinic, as one person proposes it; once another signs, it acts."""

    pack_version = ClinicKey(PackVersion, models.PROTECT, related_name="proposals")
    row_id = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.row_id}, {self.field}: {self.value}"


@append_only
class SignedNumber(Act):
    """The medical director's signature under a number that somebody else proposed."""

    proposal = ClinicOneToOne(ProposedNumber, models.PROTECT, related_name="signed")
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.proposal)


@append_only
class SignedRow(Act):
    """The medical director's signature under one row that is not verified in a source."""

    pack_version = ClinicKey(PackVersion, models.PROTECT, related_name="signed_rows")
    row_id = models.CharField(max_length=60)
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "pack_version", "row_id"], name="protocols_row_signed_once"
            )
        ]

    def __str__(self) -> str:
        return self.row_id
