"""Consent: what was understood and signed, what the person chose, and when they could not choose."""

from __future__ import annotations

import hashlib

from django.db import models

from openkap.accounts.models import Act, Signature
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked


@append_only
class Understood(Act):
    """One element of a document the person said they understand, and whether it was explained again."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="understood")
    document = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    element = models.CharField(max_length=40)
    explained_again = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "document", "version", "element"],
                name="consent_understood_once",
            )
        ]

    def __str__(self) -> str:
        return self.element


@append_only
class Consent(Act):
    """A signed document: exactly the text that was shown, and its hash (H19)."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="consents")
    document = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    content = models.TextField()
    content_hash = models.BinaryField(max_length=32)
    signed_name = models.CharField(max_length=160)
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")
    witnessed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "at"], name="consent_last")]

    def __str__(self) -> str:
        return f"{self.document}, version {self.version}"

    def holds(self) -> bool:
        """Whether the stored text is still exactly what was signed."""
        content = self.content.encode()
        return hashlib.sha256(content).digest() == bytes(self.content_hash) and self.signature.covers(content)


@append_only
class Withdrawal(Act):
    """A consent taken back. The person may do so at any time and need give no reason."""

    consent = ClinicKey(Consent, models.PROTECT, related_name="withdrawals")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "consent"], name="consent_withdrawn_once")]

    def __str__(self) -> str:
        return self.why or "withdrawn"


@append_only
class Choice(Act):
    """One choice of the person (touch, music, recording, stop, what helps me); the newest counts."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="choices")
    name = models.CharField(max_length=30)
    value = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "name", "at"], name="consent_choice_last")]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


@tracked
class Impairment(Act):
    """From a dose's start until the person has left: nothing may be signed, choices only narrow (H19)."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="impairments")
    cause_kind = models.CharField(max_length=40)
    cause_id = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "cause_kind", "cause_id"], name="consent_impairment_once"
            )
        ]

    def __str__(self) -> str:
        return f"since {self.at:%H:%M}"
