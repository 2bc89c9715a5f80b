"""What someone must answer: each alert has an owner and a clock from its first moment."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act, Membership, Signature
from openkap.alerts import rules
from openkap.kernel.wording import translated
from openkap.notices.models import Notice
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked
from openkap.tenancy.statements import StatementField


class Severity(models.TextChoices):
    """How soon somebody must look."""

    URGENT = "urgent", _("Now")
    SOON = "soon", _("Today")


@tracked
class Alert(Act):
    """Something a named person must answer. The owner may change; there is never none (H34)."""

    patient = ClinicKey(Patient, models.PROTECT, null=True, related_name="alerts")
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    says = StatementField()
    cause_kind = models.CharField(max_length=40)
    cause_id = models.UUIDField()
    owner = ClinicKey(Membership, models.PROTECT, related_name="alerts")
    due_at = models.DateTimeField()
    escalations = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "kind", "cause_kind", "cause_id"], name="alerts_once_for_a_cause"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(acknowledged_at__isnull=False),
                name="alerts_answered_after_acknowledged",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "due_at"], condition=models.Q(answered_at=None), name="alerts_open_by_due"
            ),
            models.Index(fields=["clinic", "owner", "answered_at"], name="alerts_owner_open"),
        ]

    def __str__(self) -> str:
        return str(self.says)


class StepKind(models.TextChoices):
    """What can happen to an alert."""

    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    HANDED_OVER = "handed_over", _("Handed over")
    ESCALATED = "escalated", _("Escalated")
    ANSWERED = "answered", _("Answered")
    MESSAGED = "messaged", _("Message")


@append_only
class Step(Act):
    """One step of an alert's life: who did what, and when."""

    alert = ClinicKey(Alert, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind.choices)
    to = ClinicKey(Membership, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    notice = ClinicKey(Notice, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.kind

    @property
    def outcome_words(self) -> str:
        """What came of it, in words."""
        return translated(rules.OUTCOMES.get(self.outcome, ""))


@append_only
class Cover(Act):
    """When somebody is here, how often a person on call is sent a message, and the clinic's own crisis lines.

    Each row is whole and signed; the newest is in force. `hours` holds a pair of times for each weekday on
    which the clinic is open, `closed_on` the days it is closed all the same, `lines` name, number and texts.
    """

    hours = models.JSONField(default=dict)
    closed_on = models.JSONField(default=list)
    every_minutes = models.PositiveSmallIntegerField()
    each = models.PositiveSmallIntegerField()
    lines = models.JSONField(default=list)
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"cover signed by {self.by_name}"


@append_only
class OnCall(Act):
    """One person on call under a cover, in their place of the order, and where a message reaches them."""

    cover = ClinicKey(Cover, models.PROTECT, related_name="on_call")
    membership = ClinicKey(Membership, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    to_email = models.EmailField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "cover", "place"], name="alerts_oncall_one_place"),
            models.UniqueConstraint(fields=["clinic", "cover", "membership"], name="alerts_oncall_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.membership}"
