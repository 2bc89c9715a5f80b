"""Consent: what was understood and signed, what the person chose, and when they could not choose."""

from __future__ import annotations

import hashlib

from django.db import models

from openkap.accounts.models import Act, Signature
from openkap.people.changes import counts_for_next_step, through
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked


@tracked
class HandOver(Act):
    """A clinician handed a screen of the clinic to the person: who (`by`), for whom, and until when."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="hand_overs")
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"handed over by {self.by_name}"


@append_only
class Understood(Act):
    """One element of a document, with what the person answered to its question in their own words.

    It is always the person's own: given in their sign-in, or on a screen handed over by a named clinician.
    """

    patient = ClinicKey(Patient, models.PROTECT, related_name="understood")
    document = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    element = models.CharField(max_length=40)
    answer = models.CharField(max_length=1000)
    hand_over = ClinicKey(HandOver, models.PROTECT, null=True, related_name="+")

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
class Capacity(Act):
    """A prescriber has talked with the person and signed whether they could decide; the newest counts.

    The four abilities are those of the usual assessment of decision-making capacity: to understand, to see
    what it means for oneself, to weigh it, and to state a choice.
    """

    patient = ClinicKey(Patient, models.PROTECT, related_name="capacities")
    document = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    could_decide = models.BooleanField()
    abilities = models.JSONField(default=list)
    explained_again = models.JSONField(default=list)
    note = models.CharField(max_length=1000, blank=True)
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "at"], name="consent_capacity_last")]

    def __str__(self) -> str:
        return "could decide" if self.could_decide else "could not decide"


@counts_for_next_step()
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
    capacity = ClinicKey(Capacity, models.PROTECT, related_name="+")
    hand_over = ClinicKey(HandOver, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "at"], name="consent_last")]

    def __str__(self) -> str:
        return f"{self.document}, version {self.version}"

    def holds(self) -> bool:
        """Whether the stored text is still exactly what was signed."""
        content = self.content.encode()
        return hashlib.sha256(content).digest() == bytes(self.content_hash) and self.signature.covers(content)


@counts_for_next_step(of=through("consent_consent", "changed.consent_id"))
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
    """One choice of the person (touch, music, recording, stop, what helps me); the newest counts.

    It is the person's own; staff record only that it becomes less.
    """

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
        indexes = [
            models.Index(
                fields=["clinic", "cause_kind"],
                condition=models.Q(ended_at__isnull=True),
                name="consent_impairment_open",
            )
        ]

    def __str__(self) -> str:
        return f"since {self.at:%H:%M}"
