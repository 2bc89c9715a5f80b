"""The journal of what devices sent: every message as received, what was read in it, and where it went."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from openkap.accounts.models import Act, Membership
from openkap.interop.hl7v2.compressed import MessageField, ReadingField
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, on_deletion
from openkap.tenancy.models import ClinicModel
from openkap.tenancy.statements import StatementField
from openkap.watch.models import Monitor, Session

UNCHANGED = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
DELETED = on_deletion(
    "deleted_only_where_archived",
    """
IF EXISTS (SELECT g.id, g.session_id, g.content_hash FROM gone g EXCEPT
           SELECT u.id, p.session_id, u.hash FROM interop_archivedmessages p
           CROSS JOIN LATERAL unnest(p.ids, p.hashes) AS u (id, hash)
           WHERE p.session_id IN (SELECT session_id FROM gone)) THEN
    RAISE EXCEPTION 'A message goes only where it stands in the archive of its session.';
END IF;
RETURN NULL;
""",
)
ARCHIVE_UNCHANGED = pgtrigger.Protect(name="unchanged", operation=pgtrigger.Update)
ARCHIVE_DELETED = on_deletion(
    "kept_a_year",
    """
IF EXISTS (SELECT FROM gone g JOIN watch_session s ON s.clinic_id = g.clinic_id AND s.id = g.session_id
           WHERE s.closed_at IS NULL OR s.closed_at > now() - interval '1 year') THEN
    RAISE EXCEPTION 'The messages of a session are kept for a year at least.';
END IF;
RETURN NULL;
""",
)


@pgtrigger.register(UNCHANGED, DELETED)
class DeviceMessage(Act):
    """One message, byte for byte. While it waits `session` is null, `reason` says why, and somebody owns it.

    `at` is when it was received. `reading` holds what was read: stored, absent, quarantined, alarms. A month
    after its session closed it is archived with the others of the session.
    """

    control_id = models.CharField(max_length=199, blank=True)
    content = MessageField()
    content_hash = models.BinaryField(max_length=32)
    ack = models.CharField(max_length=2)
    patient_named = models.CharField(max_length=120, blank=True)
    location = models.CharField(max_length=200, blank=True)
    monitor = ClinicKey(Monitor, models.PROTECT, null=True, related_name="messages", db_index=False)
    session = ClinicKey(Session, models.PROTECT, null=True, related_name="messages", db_index=False)
    reading = ReadingField()
    demo = models.BooleanField(default=False)
    reason = StatementField(null=True)
    owner = ClinicKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        app_label = "interop"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "content_hash"], name="interop_message_once")
        ]
        indexes = [models.Index(fields=["clinic", "session", "at"], name="interop_message_waiting")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.control_id or "message without a name"


@pgtrigger.register(ARCHIVE_UNCHANGED, ARCHIVE_DELETED)
class ArchivedMessages(ClinicModel):
    """Messages of a closed session, whole, in the order they came; `body` is read by `archived.messages_in`.

    `hashes` are those of their contents, `days` the days they say they were sent on: by these the same
    message is known again.
    """

    session = ClinicKey(Session, models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    days = ArrayField(models.CharField(max_length=8))
    ids = ArrayField(models.UUIDField())
    hashes = ArrayField(models.BinaryField(max_length=32))
    body = models.BinaryField()

    class Meta:
        app_label = "interop"
        ordering = ["last_at", "id"]

    def __str__(self) -> str:
        return f"{len(self.ids)} messages"


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
