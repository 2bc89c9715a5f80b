"""The session: one dosing day of one person, from the time they come in until they leave."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act
from openkap.courses.models import Course, PlannedSession
from openkap.people.models import Patient, Room
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import tracked


@tracked
class Session(Act):
    """One dosing session, bound to one planned session of a course. At most one of a person is open.

    One that closes without a dose gives its planned session back: it no longer stands for it. When the first
    dose began, when the last one ended (none while it runs) and when it is due to be through are kept here,
    written by whoever gives it. `archived_at`: since when its monitors' values are archived.
    """

    patient = ClinicKey(Patient, models.PROTECT, related_name="watch_sessions")
    course = ClinicKey(Course, models.PROTECT, related_name="watch_sessions")
    planned_session = ClinicKey(PlannedSession, models.PROTECT, related_name="watch_sessions")
    room = ClinicKey(Room, models.PROTECT, related_name="watch_sessions")
    product = models.CharField(max_length=30)
    closed_at = models.DateTimeField(null=True, editable=False)
    close_reason = models.CharField(max_length=300, blank=True, editable=False)
    closed_by_name = models.CharField(max_length=120, blank=True, editable=False)
    stands_for_planned = models.BooleanField(default=True, editable=False)
    dose_began_at = models.DateTimeField(null=True, editable=False)
    dose_ended_at = models.DateTimeField(null=True, editable=False)
    dose_due_at = models.DateTimeField(null=True, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dose_began_at__isnull=False)
                | models.Q(dose_ended_at__isnull=True, dose_due_at__isnull=True),
                name="watch_session_dose_begins_first",
            ),
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=models.Q(closed_at__isnull=True),
                name="watch_one_open_session",
            ),
            models.UniqueConstraint(
                fields=["clinic", "planned_session"],
                condition=models.Q(stands_for_planned=True),
                name="watch_planned_session_once",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "closed_at"], name="watch_session_open"),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(dose_began_at__isnull=False),
                name="watch_session_left",
            ),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(archived_at__isnull=True),
                name="watch_session_not_archived",
            ),
        ]

    def __str__(self) -> str:
        return f"Session of {self.at:%Y-%m-%d}"
