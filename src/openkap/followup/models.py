"""Check-ins after a session and their answers."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models

from openkap.accounts.models import Act
from openkap.followup import rules
from openkap.followup.phrases import CheckInTime
from openkap.kernel.wording import translated
from openkap.notices.models import Notice
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey, ClinicOneToOne
from openkap.tenancy.history import append_only, tracked

_KINDS = [(kind.value, kind.value) for kind in rules.CheckInKind]


@tracked
class CheckIn(Act):
    """One question-round after one session: when it is due, and from when its silence is an alarm.

    The database sets `answered_at` with the answer, so that what waits is found among what waits alone.
    """

    patient = ClinicKey(Patient, models.PROTECT, related_name="check_ins")
    session_id = models.UUIDField()
    course_id = models.UUIDField()
    kind = models.CharField(max_length=4, choices=_KINDS)
    due_at = models.DateTimeField()
    late_at = models.DateTimeField()
    notice = ClinicKey(Notice, models.PROTECT, null=True, editable=False, related_name="+")
    alarmed_at = models.DateTimeField(null=True, editable=False)
    called_off_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "session_id", "kind"], name="followup_checkin_once")
        ]
        indexes = [
            models.Index(
                fields=["clinic", "due_at"],
                condition=models.Q(answered_at__isnull=True, called_off_at__isnull=True),
                name="followup_checkin_waiting",
            )
        ]
        ordering = ["due_at"]

    def __str__(self) -> str:
        return f"{self.kind} check-in"

    def state_at(self, now: datetime) -> rules.CheckInState:
        """Where it stands at a moment."""
        return rules.state(
            due_at=self.due_at,
            late_at=self.late_at,
            answered=self.answered_at is not None,
            called_off=self.called_off_at is not None,
            now=now,
        )

    @property
    def words(self) -> str:
        """When it is, in words."""
        return translated(str(self.when.value))

    @property
    def when(self) -> CheckInTime:
        """When it is, as a phrase."""
        return rules.WORDS[rules.CheckInKind(self.kind)]


@pgtrigger.register(
    pgtrigger.Trigger(
        name="its_check_in_is_answered",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="""
UPDATE followup_checkin SET answered_at = NEW.at
WHERE clinic_id = NEW.clinic_id AND id = NEW.check_in_id;
RETURN NULL;
""",
    )
)
@append_only
class CheckInAnswer(Act):
    """What the person answered, through their link or on the phone to a member of staff."""

    check_in = ClinicOneToOne(CheckIn, models.PROTECT, related_name="answer")
    answers = models.JSONField()
    words = models.TextField(blank=True)
    by_phone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"answer to {self.check_in_id}"
