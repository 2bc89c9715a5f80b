"""The roles of a clinic. Pure: names and who counts as what."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a membership lets a person be in one clinic."""

    COORDINATOR = "coordinator", _("Coordinator")
    PRESCRIBER = "prescriber", _("Prescriber")
    NURSE = "nurse", _("Nurse")
    THERAPIST = "therapist", _("Therapist")
    PATIENT = "patient", _("Patient")
    ADMINISTRATOR = "administrator", _("Administrator")
    RESEARCHER = "researcher", _("Researcher")


STAFF = frozenset(
    {Role.COORDINATOR, Role.PRESCRIBER, Role.NURSE, Role.THERAPIST, Role.ADMINISTRATOR, Role.RESEARCHER}
)
CLINICAL = frozenset({Role.PRESCRIBER, Role.NURSE, Role.THERAPIST})
