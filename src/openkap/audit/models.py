"""The audit record and the head of each clinic's chain.

The application may read events of its own clinic and add through one database function;
it may neither insert, edit nor delete a row itself.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from openkap.tenancy.constraints import ClinicPolicy


class Event(models.Model):
    """One thing that happened. `body` is the exact text the hash was taken over."""

    id = models.UUIDField(primary_key=True, editable=False)
    clinic_id = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    by_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    body = models.TextField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            ClinicPolicy(name="audit_event_policy"),
            models.UniqueConstraint(fields=["clinic_id", "seq"], name="audit_event_one_chain"),
        ]
        indexes = [
            models.Index(fields=["clinic_id", "patient_id", "seq"], name="audit_event_patient"),
            models.Index(fields=["clinic_id", "verb", "seq"], name="audit_event_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class Head(models.Model):
    """The last link of a clinic's chain; its row lock orders the chain."""

    clinic_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [ClinicPolicy(name="audit_head_policy")]

    def __str__(self) -> str:
        return f"{self.clinic_id} at {self.seq}"


class Reading(models.Model):
    """A page somebody opened, and the people who stood on it. A chain of its own: no act waits for it."""

    id = models.UUIDField(primary_key=True, editable=False)
    clinic_id = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    page = models.CharField(max_length=80)
    by_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)
    patients = ArrayField(models.UUIDField())
    body = models.TextField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            ClinicPolicy(name="audit_reading_policy"),
            models.UniqueConstraint(fields=["clinic_id", "seq"], name="audit_reading_one_chain"),
        ]
        indexes = [
            GinIndex(fields=["patients"], name="audit_reading_patients"),
            models.Index(fields=["clinic_id", "at"], name="audit_reading_at"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.page}"


class ReadingHead(models.Model):
    """The last link of a clinic's chain of readings."""

    clinic_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [ClinicPolicy(name="audit_readinghead_policy")]

    def __str__(self) -> str:
        return f"{self.clinic_id} at {self.seq}"
