"""Therapy visits and what comes of them. The private psychotherapy notes have a vault of their own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act
from openkap.courses.models import Course
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked


class VisitKind(models.TextChoices):
    """What a visit is for."""

    PREPARATION = "preparation", _("Preparation")
    INTEGRATION = "integration", _("Integration")


class Mode(models.TextChoices):
    """How people met."""

    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video")
    PHONE = "phone", _("By phone")


@append_only
class Visit(Act):
    """A therapy visit that took place, with its note in the main record.

    The note says what the team needs to know. It is signed by writing it, and mended only by an
    addendum.
    """

    patient = ClinicKey(Patient, models.PROTECT, related_name="therapy_visits")
    course = ClinicKey(Course, models.PROTECT, related_name="therapy_visits")
    kind = models.CharField(max_length=12, choices=VisitKind.choices)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    session_id = models.UUIDField(null=True, editable=False)
    held_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    note = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["clinic", "course", "held_at"], name="therapy_visit_course")]
        ordering = ["held_at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.held_at:%Y-%m-%d}"


@append_only
class Addendum(Act):
    """Something added to a visit's note afterwards; the note itself never changes (hazard H39)."""

    visit = ClinicKey(Visit, models.PROTECT, related_name="addenda")
    text = models.TextField()

    def __str__(self) -> str:
        return f"addendum of {self.at:%Y-%m-%d}"


@append_only
class Preparation(Act):
    """What the person says before the first session: why they come, and what worries them. Newest counts."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="preparations")
    course = ClinicKey(Course, models.PROTECT, related_name="preparations")
    hopes = models.TextField(blank=True)
    concerns = models.TextField(blank=True)
    earlier_states = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"preparation of {self.at:%Y-%m-%d}"


@tracked
class Goal(Act):
    """Something the person wants to change, in their own words."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="goals")
    course = ClinicKey(Course, models.PROTECT, related_name="goals")
    text = models.CharField(max_length=300)
    met_at = models.DateTimeField(null=True, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


@tracked
class Practice(Act):
    """Something small the person does between visits, and how often."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="practices")
    course = ClinicKey(Course, models.PROTECT, related_name="practices")
    text = models.CharField(max_length=300)
    how_often = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.text}, {self.how_often}"
