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
from openkap.watch.models.archived import COLUMNS_OF_V, rows_in
from openkap.watch.models.session import Session


class VitalMinute(ClinicModel):
    """One reading's true values in one minute, from one source: first, last, lowest, highest and how many.

    True is what is plausible or confirmed by a person, and was not entered in error. `last_id` is the value
    measured last. A minute without a true value has no row. `changed_at` is the database's own clock, under
    the session's lock: whoever has seen a session until then asks for what changed since.
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
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "session", "code", "minute", "source"], name="watch_vitalminute_once"
            )
        ]
        ordering = ["minute", "code", "source"]

    def __str__(self) -> str:
        return f"{self.code} {self.minute:%H:%M}"


_INTO = """
INSERT INTO watch_vitalminute AS m (
    id, clinic_id, session_id, code, source, minute,
    first_at, last_at, last, last_id, lowest, lowest_at, highest, highest_at, count, changed_at
)
"""
_OF_ITS_VALUES = """
    min(v.measured_at), max(v.measured_at),
    (array_agg(v.value ORDER BY v.measured_at DESC, v.id DESC))[1],
    (array_agg(v.id ORDER BY v.measured_at DESC, v.id DESC))[1],
    min(v.value), (array_agg(v.measured_at ORDER BY v.value, v.measured_at))[1],
    max(v.value), (array_agg(v.measured_at ORDER BY v.value DESC, v.measured_at))[1],
    count(*), clock_timestamp()
"""
# What is new is added to its minute: nobody can have settled it or called it an error yet. What comes back
# out of the archive is in its minute already, and nothing else comes into a session that is archived.
_ADDED = """
IF EXISTS (SELECT FROM fresh v JOIN watch_session s ON s.clinic_id = v.clinic_id AND s.id = v.session_id
           WHERE s.archived_at IS NOT NULL) THEN
    IF EXISTS (SELECT {columns} FROM fresh v EXCEPT {archived}) THEN
        RAISE EXCEPTION 'The values of this session are archived: they come back before one is written.';
    END IF;
    RETURN NULL;
END IF;
{into}
SELECT gen_random_uuid(), v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at),
{of_its_values}
FROM fresh v WHERE v.standing = 'plausible'
GROUP BY v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at)
ON CONFLICT (clinic_id, session_id, code, minute, source) DO UPDATE SET
    count = m.count + excluded.count, changed_at = excluded.changed_at,
    first_at = least(m.first_at, excluded.first_at),
    last = CASE WHEN (excluded.last_at, excluded.last_id) > (m.last_at, m.last_id)
        THEN excluded.last ELSE m.last END,
    last_id = CASE WHEN (excluded.last_at, excluded.last_id) > (m.last_at, m.last_id)
        THEN excluded.last_id ELSE m.last_id END,
    last_at = greatest(m.last_at, excluded.last_at),
    lowest_at = CASE WHEN (excluded.lowest, excluded.lowest_at) < (m.lowest, m.lowest_at)
        THEN excluded.lowest_at ELSE m.lowest_at END,
    lowest = least(m.lowest, excluded.lowest),
    highest_at = CASE WHEN (-excluded.highest, excluded.highest_at) < (-m.highest, m.highest_at)
        THEN excluded.highest_at ELSE m.highest_at END,
    highest = greatest(m.highest, excluded.highest);
RETURN NULL;
"""
_MINUTES = """
SELECT DISTINCT v.clinic_id, v.session_id, v.code, v.source, date_trunc('minute', v.measured_at) AS minute
FROM fresh f JOIN watch_vital v ON v.clinic_id = f.clinic_id AND v.id = f.{key}
WHERE {which}
"""
# What is corrected has its minute counted anew, from all its values.
_COUNTED = """
IF EXISTS (SELECT FROM fresh f {session} WHERE s.archived_at IS NOT NULL AND {which}) THEN
    RAISE EXCEPTION 'The values of this session are archived: they come back before one is corrected.';
END IF;
DELETE FROM watch_vitalminute m USING ({minutes}) t
WHERE (m.clinic_id, m.session_id, m.code, m.source, m.minute)
    = (t.clinic_id, t.session_id, t.code, t.source, t.minute);
{into}
SELECT gen_random_uuid(), t.clinic_id, t.session_id, t.code, t.source, t.minute, c.*
FROM ({minutes}) t
CROSS JOIN LATERAL (
    SELECT {of_its_values}
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
) c;
RETURN NULL;
"""


def _counted(key: str, which: str, *, session: str) -> str:
    """Count the minutes of the values that rows speak of (by `key`) anew; `session` joins their session."""
    minutes = _MINUTES.format(key=key, which=which)
    return _COUNTED.format(
        minutes=minutes, which=which, session=session, into=_INTO, of_its_values=_OF_ITS_VALUES
    )


def _trigger(steps: str) -> pgtrigger.Trigger:
    """Do this after each statement that writes rows (`fresh`)."""
    return pgtrigger.Trigger(
        name="counted_by_the_minute",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
        func=steps,
    )


_ARCHIVED = rows_in("watch_archivedvitals", "WHERE p.session_id IN (SELECT session_id FROM fresh)")
TAKEN = _trigger(
    _ADDED.format(into=_INTO, of_its_values=_OF_ITS_VALUES, columns=COLUMNS_OF_V, archived=_ARCHIVED)
)
_BY_ITS_VALUE = "JOIN watch_vital v ON v.clinic_id = f.clinic_id AND v.id = f.vital_id"
_ITS_SESSION = "JOIN watch_session s ON s.clinic_id = {it}.clinic_id AND s.id = {it}.session_id"
SETTLED = _trigger(_counted("vital_id", "true", session=f"{_BY_ITS_VALUE} {_ITS_SESSION.format(it='v')}"))
IN_ERROR = _trigger(_counted("entry_id", "f.kind = 'value'", session=_ITS_SESSION.format(it="f")))
