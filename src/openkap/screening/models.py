"""What was decided about a person's treatment, and on which facts, findings and pack."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act, Signature
from openkap.people.changes import counts_for_next_step, through
from openkap.people.models import Patient
from openkap.protocols.models import PackVersion
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only


class Outcome(models.TextChoices):
    """What a screening can come to, mildest first."""

    ELIGIBLE = "eligible", _("Eligible")
    CONDITIONAL = "conditional", _("Eligible with conditions")
    DEFER = "defer", _("Not now")
    EXCLUDE = "exclude", _("Not to be treated")


@counts_for_next_step()
@append_only
class Decision(Act):
    """A prescriber's signed decision with everything it rested on; replaying it gives the same answer."""

    patient = ClinicKey(Patient, models.PROTECT, related_name="screening_decisions")
    pack_version = ClinicKey(PackVersion, models.PROTECT, related_name="+")
    pack_hash = models.CharField(max_length=64)
    facts = models.JSONField()
    findings = models.JSONField()
    signed_row_ids = models.JSONField(default=list)
    computed = models.CharField(max_length=12, choices=Outcome.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    needs_second = models.BooleanField(default=False)
    valid_until = models.DateField()
    content = models.TextField()
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "at"], name="screening_last")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.at:%Y-%m-%d}"


@counts_for_next_step(of=through("screening_decision", "changed.decision_id"))
@append_only
class SecondSignature(Act):
    """A second prescriber agrees with a decision that goes against a finding."""

    decision = ClinicKey(Decision, models.PROTECT, related_name="seconds")
    signature = ClinicKey(Signature, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "decision"], name="screening_second_once")]

    def __str__(self) -> str:
        return self.by_name
