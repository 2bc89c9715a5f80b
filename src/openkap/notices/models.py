"""What goes out. A notice never carries clinical content: it says where to look."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act, Membership
from openkap.people.models import Patient
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import tracked


class NoticeState(models.TextChoices):
    """Where a notice stands."""

    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@tracked
class Notice(Act):
    """One message on its way, by which channel and to which address, with who answers for it (H34)."""

    kind = models.CharField(max_length=40)
    patient = ClinicKey(Patient, models.PROTECT, null=True, related_name="notices")
    owner = ClinicKey(Membership, models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    link_path = models.CharField(max_length=600, blank=True)
    delivery_id = models.UUIDField(null=True)  # the event it follows from; a link says its second
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["clinic", "next_try_at"], condition=models.Q(state="queued"), name="notices_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "delivery_id"],
                condition=models.Q(delivery_id__isnull=False),
                name="notices_once_a_delivery",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"
