"""What was charted in each minute, kept by the database itself beside every value that is written.

A session of hours is read by its minutes: which limit is crossed, which check was made, and the chart ask for
as much after four hours as after four minutes. The minutes are made of the values and of nothing else, by the
triggers below, so no act can write a value and leave its minute behind.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.models import ClinicModel
from openkap.watch.models.session import Session


class VitalMinute(ClinicModel):
    """One reading's true values in one minute, from one source: first, last, lowest, highest and how many.

    True is what is plausible or confirmed by a person, and was not entered in error. `last_id` is the value
    measured last. A minute without a true value has no row.
    """

    session = ClinicKey(Session, models.PROTECT, related_name="minutes")
    code = models.CharField(max_length=40)
    source = models.CharField(max_length=12)
    minute = models.DateTimeField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last = models.DecimalField(max_digits=14, decimal_places=6)
    last_id = models.UUIDField()
    lowest = models.DecimalField(max_digits=14, decimal_places=6)
    lowest_at = models.DateTimeField()
    highest = models.DecimalField(max_digits=14, decimal_places=6)
    highest_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "session", "code", "minute", "source"], name="watch_vitalminute_once"
            )
        ]
        ordering = ["minute", "code", "source"]

    def __str__(self) -> str:
        return f"{self.code} {self.minute:%H:%M}"


_MINUTES = """
SELECT DISTINCT v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at) AS minute
FROM {values} v
"""
_GONE = """
DELETE FROM watch_vitalminute m USING ({minutes}) t
WHERE (m.clinic_id, m.session_id, m.code, m.source, m.minute)
    = (t.clinic_id, t.session_id, t.code, t.source, t.minute);
"""
_COUNTED = """
INSERT INTO watch_vitalminute AS m (
    id, clinic_id, session_id, code, source, minute,
    first_at, last_at, last, last_id, lowest, lowest_at, highest, highest_at, count
)
SELECT gen_random_uuid(), t.clinic_id, t.session_id, t.code, t.source, t.minute, c.*
FROM ({minutes}) t
CROSS JOIN LATERAL (
    SELECT min(v.measured_at), max(v.measured_at),
        (array_agg(v.value ORDER BY v.measured_at DESC, v.id DESC))[1],
        (array_agg(v.id ORDER BY v.measured_at DESC, v.id DESC))[1],
        min(v.value), (array_agg(v.measured_at ORDER BY v.value, v.measured_at))[1],
        max(v.value), (array_agg(v.measured_at ORDER BY v.value DESC, v.measured_at))[1],
        count(*)
    FROM watch_vital v
    WHERE v.clinic_id = t.clinic_id AND v.session_id = t.session_id AND v.code = t.code
        AND v.measured_at >= t.minute AND v.measured_at < t.minute + interval '1 minute'
        AND v.source = t.source
        AND (v.standing = 'plausible' OR EXISTS (
            SELECT 1 FROM watch_vitalsettled s
            WHERE s.clinic_id = v.clinic_id AND s.vital_id = v.id AND s.is_true
        ))
        AND NOT EXISTS (
            SELECT 1 FROM watch_enteredinerror e
            WHERE e.clinic_id = v.clinic_id AND e.kind = 'value' AND e.entry_id = v.id
        )
    HAVING count(*) > 0
) c
ON CONFLICT (clinic_id, session_id, code, source, minute) DO UPDATE SET
    first_at = excluded.first_at, last_at = excluded.last_at, last = excluded.last,
    last_id = excluded.last_id, lowest = excluded.lowest, lowest_at = excluded.lowest_at,
    highest = excluded.highest, highest_at = excluded.highest_at, count = excluded.count;
"""


def _trigger(values: str, *, takes_away: bool) -> pgtrigger.Trigger:
    """Count the minutes of these values anew, after each statement that writes rows (`fresh`)."""
    minutes = _MINUTES.format(values=values)
    steps = (_GONE if takes_away else "") + _COUNTED
    return pgtrigger.Trigger(
        name="counted_by_the_minute",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
        func=steps.format(minutes=minutes) + "RETURN NULL;",
    )


TAKEN = _trigger("fresh", takes_away=False)
SETTLED = _trigger(
    "(SELECT v.* FROM fresh f JOIN watch_vital v ON v.clinic_id = f.clinic_id AND v.id = f.vital_id)",
    takes_away=True,
)
IN_ERROR = _trigger(
    "(SELECT v.* FROM fresh f JOIN watch_vital v ON v.clinic_id = f.clinic_id AND v.id = f.entry_id"
    " WHERE f.kind = 'value')",
    takes_away=True,
)
