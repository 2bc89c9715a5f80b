"""The roles of a clinic. Pure: names and who counts as what."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a membership lets a person be in one clinic."""

    COORDINATOR = "coordinator", "Coordinator"
    PRESCRIBER = "prescriber", "Prescriber"
    NURSE = "nurse", "Nurse"
    THERAPIST = "therapist", "Therapist"
    PATIENT = "patient", "Patient"
    ADMINISTRATOR = "administrator", "Administrator"
    RESEARCHER = "researcher", "Researcher"


STAFF = frozenset(
    {Role.COORDINATOR, Role.PRESCRIBER, Role.NURSE, Role.THERAPIST, Role.ADMINISTRATOR, Role.RESEARCHER}
)
CLINICAL = frozenset({Role.PRESCRIBER, Role.NURSE, Role.THERAPIST})
