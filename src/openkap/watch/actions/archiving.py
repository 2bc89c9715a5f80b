"""Archiving what monitors sent a month after the session closed, and bringing it back for an act.

The values are moved by the database, in one transaction, and its own triggers let none go that does not stand
where it is moved to, column by column (`models.archived`). Whoever reads asks `facts` and sees no difference.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.watch.events import ValuesArchived
from openkap.watch.models import ArchivedVitals, Session
from openkap.watch.models.archived import ARCHIVED_AFTER, COLUMNS, OWN, SHARED, rows_in

# What stays in its row: what people type (it may still be called an error) and what a person has settled.
_WHICH = """
v.session_id = %s AND v.source = 'monitor'
AND NOT EXISTS (SELECT FROM watch_vitalsettled s WHERE s.clinic_id = v.clinic_id AND s.vital_id = v.id)
"""
_IN_ORDER = "ORDER BY v.measured_at, v.id"
_LISTS = {
    **{column: f"array_agg(v.{name} {_IN_ORDER})" for name, (column, _) in OWN.items()},
    "texts": f"""CASE WHEN NOT bool_and(v.value_text = trim_scale(v.value)::text)
        THEN array_agg(v.value_text {_IN_ORDER}) END""",
    "remarks": f"""CASE WHEN NOT bool_and(v.reason IS NULL AND v.notes = '[]')
        THEN array_agg(CASE WHEN v.reason IS NOT NULL OR v.notes <> '[]'
            THEN jsonb_build_array(v.reason, v.notes) END {_IN_ORDER}) END""",
}
_MOVED_IN = """
INSERT INTO watch_archivedvitals (id, {names})
SELECT gen_random_uuid(), {values} FROM watch_vital v WHERE {which} GROUP BY {shared}
"""
_ARCHIVE = _MOVED_IN.format(
    names=", ".join([*SHARED, *_LISTS]),
    values=", ".join([*(f"v.{name}" for name in SHARED), *_LISTS.values()]),
    which=_WHICH,
    shared=", ".join(f"v.{name}" for name in SHARED),
)
_REMOVED = "DELETE FROM watch_vital v WHERE {which}"
_REMOVE = _REMOVED.format(which=_WHICH)
_MOVED_BACK = "INSERT INTO watch_vital ({columns}) {archived}"
_BRING_BACK = _MOVED_BACK.format(
    columns=", ".join(COLUMNS), archived=rows_in("watch_archivedvitals", "WHERE p.session_id = ANY(%s)")
)


def held_long_closed(session_id: uuid.UUID, *, at: datetime) -> Session | None:
    """The session, locked for whoever archives what belongs to it, if it closed a month ago or more."""
    closed = Session.objects.select_for_update().filter(closed_at__lte=at - ARCHIVED_AFTER)
    return closed.filter(id=session_id).first()


@transaction.atomic
def archive(session_id: uuid.UUID, *, by: Actor, at: datetime) -> int:
    """Archive what monitors sent in a session that closed a month ago or more; returns how many values."""
    session = held_long_closed(session_id, at=at)
    if session is None or session.archived_at is not None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ARCHIVE, [session.id])
        session.archived_at = at
        session.save(update_fields=["archived_at"])
        cursor.execute(_REMOVE, [session.id])
        count = int(cursor.rowcount)
    record(
        ValuesArchived(values=count),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("session", session.id),
    )
    return count


def bring_back(sessions: Iterable[Session]) -> None:
    """Bring the values of these sessions, which the caller has locked, back into rows before it acts."""
    archived = [one for one in sessions if one.archived_at is not None]
    if not archived:
        return
    with connection.cursor() as cursor:
        cursor.execute(_BRING_BACK, [[one.id for one in archived]])
    ArchivedVitals.objects.filter(session__in=archived).delete()
    for session in archived:
        session.archived_at = None
        session.save(update_fields=["archived_at"])
