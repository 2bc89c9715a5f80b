"""The values of a session a month after it closed: one row a reading, exact, at a tenth of the room.

Of what a monitor sent, what all values of a reading share stands once, and the rest side by side. The
database itself lets a row go only where all of it stands in an archive, and an archive only where all of it
stands in rows, so nothing that came can be lost on the way; and it counts no value twice that comes back.
"""

from __future__ import annotations

from datetime import timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import on_deletion
from openkap.tenancy.models import ClinicModel
from openkap.watch.models.monitors import Monitor
from openkap.watch.models.session import Session

ARCHIVED_AFTER = timedelta(days=30)
VIEW = "watch_anyvital"
SHARED = (
    "clinic_id", "session_id", "code_system", "code", "unit", "standing", "source", "channel", "monitor_id",
    "by_id", "by_name", "by_role",
)  # fmt: skip
# Each value's own, with the column of the archive it stands in and what brings it back from there.
OWN = {
    "id": ("ids", "u.id"),
    "client_id": ("client_ids", "u.client_id"),
    "value": ("amounts", "u.value::numeric(14, 6)"),
    "value_text": ("texts", "coalesce(u.value_text, trim_scale(u.value)::text)::varchar(40)"),
    "measured_at": ("measured", "u.measured_at"),
    "at": ("received", "u.at"),
    "message_id": ("messages", "u.message_id"),
    "reason": ("remarks", "nullif(u.remark -> 0, 'null'::jsonb)"),
    "notes": ("remarks", "coalesce(u.remark -> 1, '[]'::jsonb)"),
}
COLUMNS = (*SHARED, *OWN)


_ROWS_IN = """
SELECT {columns} FROM {archives} p CROSS JOIN LATERAL unnest({lists}) AS u ({names}, remark) {where}
"""


def rows_in(archives: str, where: str = "") -> str:
    """The rows that archives hold, as `watch_vital` holds them, column by column."""
    lists = dict.fromkeys(name for name, _ in OWN.values())
    return _ROWS_IN.format(
        columns=", ".join([*(f"p.{name}" for name in SHARED), *(back for _, back in OWN.values())]),
        archives=archives,
        lists=", ".join(f"p.{name}" for name in lists),
        names=", ".join(name for name in OWN if name not in ("reason", "notes")),
        where=where,
    )


COLUMNS_OF_V = ", ".join(f"v.{name}" for name in COLUMNS)
_NOT_WITHOUT_ITS_ARCHIVE = """
IF EXISTS (SELECT {columns} FROM gone v EXCEPT {archived})
   OR EXISTS (SELECT FROM gone v JOIN watch_session s ON s.clinic_id = v.clinic_id AND s.id = v.session_id
              WHERE s.archived_at IS NULL) THEN
    RAISE EXCEPTION 'A value goes only where it stands, whole, in the archive of its session.';
END IF;
RETURN NULL;
"""
_NOT_WITHOUT_ITS_ROWS = """
IF EXISTS ({archived} EXCEPT
           SELECT {columns} FROM watch_vital v WHERE v.session_id IN (SELECT session_id FROM gone)) THEN
    RAISE EXCEPTION 'An archive goes only when every value of it stands in a row of its own.';
END IF;
RETURN NULL;
"""


_OF_THOSE = rows_in("watch_archivedvitals", "WHERE p.session_id IN (SELECT session_id FROM gone)")
UNCHANGED = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
DELETED = on_deletion(
    "deleted_only_where_archived", _NOT_WITHOUT_ITS_ARCHIVE.format(columns=COLUMNS_OF_V, archived=_OF_THOSE)
)
ARCHIVE_UNCHANGED = pgtrigger.Protect(name="unchanged", operation=pgtrigger.Update)
ARCHIVE_DELETED = on_deletion(
    "deleted_only_where_restored",
    _NOT_WITHOUT_ITS_ROWS.format(columns=COLUMNS_OF_V, archived=rows_in("gone")),
)


@pgtrigger.register(ARCHIVE_UNCHANGED, ARCHIVE_DELETED)
class ArchivedVitals(ClinicModel):
    """The values of one reading of a closed session, from one source and of one standing, by their time.

    `texts` is missing where every value was sent as its number reads, `remarks` (reason and notes) where no
    value has any; a value without any has none in the list.
    """

    session = ClinicKey(Session, models.PROTECT, related_name="+")
    code_system = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    standing = models.CharField(max_length=12)
    source = models.CharField(max_length=12)
    channel = models.CharField(max_length=60, blank=True)
    monitor = ClinicKey(Monitor, models.PROTECT, null=True, related_name="+", db_index=False)
    by_id = models.UUIDField(null=True, editable=False)
    by_name = models.CharField(max_length=120, editable=False)
    by_role = models.CharField(max_length=20, editable=False)
    ids = ArrayField(models.UUIDField())
    client_ids = ArrayField(models.UUIDField())
    amounts = ArrayField(models.DecimalField(max_digits=14, decimal_places=6))
    texts = ArrayField(models.CharField(max_length=40), null=True)
    measured = ArrayField(models.DateTimeField())
    received = ArrayField(models.DateTimeField())
    messages = ArrayField(models.UUIDField(null=True))
    remarks = ArrayField(models.JSONField(null=True), null=True)

    def __str__(self) -> str:
        return f"{self.code}, {len(self.ids)} values"
