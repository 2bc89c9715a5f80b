"""The journal of what devices sent: every message as received, what was read in it, and where it went."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act, Membership
from openkap.interop.hl7v2.compressed import MessageField
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only
from openkap.tenancy.statements import StatementField
from openkap.watch.models import Monitor, Session


@append_only
class DeviceMessage(Act):
    """One message, byte for byte. While it waits `session` is null, `reason` says why, and somebody owns it.

    `at` is when it was received. `reading` holds what was read: stored, absent, quarantined, alarms.
    """

    control_id = models.CharField(max_length=199, blank=True)
    content = MessageField()
    content_hash = models.BinaryField(max_length=32)
    ack = models.CharField(max_length=2)
    patient_named = models.CharField(max_length=120, blank=True)
    location = models.CharField(max_length=200, blank=True)
    monitor = ClinicKey(Monitor, models.PROTECT, null=True, related_name="messages")
    session = ClinicKey(Session, models.PROTECT, null=True, related_name="messages")
    reading = models.JSONField()
    demo = models.BooleanField(default=False)
    reason = StatementField(null=True)
    owner = ClinicKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "interop"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "content_hash"], name="interop_message_once")
        ]
        indexes = [models.Index(fields=["clinic", "session", "at"], name="interop_message_waiting")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.control_id or "message without a name"


@append_only
class MessageSettled(Act):
    """Somebody has looked at a message that waited, and says what it was."""

    message = ClinicKey(DeviceMessage, models.PROTECT, related_name="settled")
    note = models.CharField(max_length=300)

    class Meta:
        app_label = "interop"
        constraints = [models.UniqueConstraint(fields=["clinic", "message"], name="interop_settled_once")]

    def __str__(self) -> str:
        return self.note
