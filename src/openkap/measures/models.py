"""Questionnaires given out, the answers as they come in, and the scored responses."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act, Membership
from openkap.notices.models import Notice
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked


@tracked
class Assignment(Act):
    """A measure somebody is asked to fill in, with the person who answers for what it says."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="assignments")
    measure = models.CharField(max_length=40)
    occasion = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True, blank=True)
    owner = ClinicKey(Membership, models.PROTECT, related_name="assignments")
    notice = ClinicKey(Notice, models.PROTECT, null=True, editable=False, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "measure"], name="measures_assignment_list")]

    def __str__(self) -> str:
        return f"{self.measure} {self.occasion}".strip()


@append_only
class GivenAnswer(Act):
    """One tap, kept the moment it is made.

    Another answer to the same item is another row: the last one counts, the first one stays to be read (H12).
    """

    assignment = ClinicKey(Assignment, models.PROTECT, related_name="answers")
    item = models.CharField(max_length=20)
    value = models.SmallIntegerField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["clinic", "assignment", "item"], name="measures_answers_given")]

    def __str__(self) -> str:
        return f"{self.item}: {self.value}"


@append_only
class Response(Act):
    """A measure as it was handed in: the answers, and what the scoring of that day made of them."""

    assignment = ClinicKey(Assignment, models.PROTECT, related_name="responses")
    patient = ClinicKey(Patient, models.PROTECT, related_name="responses")
    measure = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=20)
    answers = models.JSONField()
    total = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    incomplete_reason = models.CharField(max_length=200, blank=True)
    band = models.CharField(max_length=80, blank=True)
    subscales = models.JSONField(default=dict)
    flags = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "assignment"], name="measures_handed_in_once")
        ]
        indexes = [models.Index(fields=["clinic", "patient", "measure", "at"], name="measures_trend")]

    def __str__(self) -> str:
        return f"{self.measure}: {self.total if self.total is not None else 'incomplete'}"
