"""The last true value of each reading, of many sessions in one question. Reads only.

Each is found at the end of its index, so a session of hours answers as quickly as one of minutes; the ORM
cannot say "one row for each of these", so this is SQL.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from openkap.watch.models import Session
from openkap.watch.models.archived import VIEW
from openkap.watch.readings import UNIT_OF


@dataclass(frozen=True, slots=True)
class TrueValue:
    """One value charted as true."""

    id: uuid.UUID
    code: str
    value: Decimal
    measured_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A session, until when its values are looked at, and from which source; "" for any."""

    session_id: uuid.UUID
    until: datetime
    source: str = ""
    archived: bool = False


def asked_of(session: Session, until: datetime, *, source: str = "") -> Asked:
    """What is asked of a session."""
    return Asked(session.id, until, source, archived=session.archived_at is not None)


LastOfEach = dict[str, TrueValue]

_EACH = """
SELECT asked.place, v.id, v.code, v.value, v.measured_at, v.source
FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) WITH ORDINALITY
    AS asked (session_id, until, source, place)
CROSS JOIN unnest(%s::text[]) AS readings (code)
CROSS JOIN LATERAL (
    SELECT v.* FROM {values} v
    WHERE v.session_id = asked.session_id AND v.code = readings.code AND v.measured_at <= asked.until
        AND (asked.source = '' OR v.source = asked.source)
        AND (v.standing = 'plausible' OR EXISTS (
            SELECT 1 FROM watch_vitalsettled s WHERE s.vital_id = v.id AND s.is_true
        ))
        AND NOT EXISTS (
            SELECT 1 FROM watch_enteredinerror e WHERE e.kind = 'value' AND e.entry_id = v.id
        )
    ORDER BY v.measured_at {way}, v.id {way}
    LIMIT 1
) v
"""
_TABLES = {False: "watch_vital", True: VIEW}
_LAST, _FIRST = (
    {archived: _EACH.format(way=way, values=table) for archived, table in _TABLES.items()}
    for way in ("DESC", "ASC")
)


def last_of_each(asked: Sequence[Asked], *, codes: Collection[str] = tuple(UNIT_OF)) -> list[LastOfEach]:
    """For each session asked about, the last true value of each reading until then."""
    return _asked(_LAST, asked, codes=codes)


def first_of_each(asked: Sequence[Asked], *, codes: Collection[str] = tuple(UNIT_OF)) -> list[LastOfEach]:
    """For each session asked about, the first true value of each reading."""
    return _asked(_FIRST, asked, codes=codes)


def _asked(
    statements: dict[bool, str], asked: Sequence[Asked], *, codes: Collection[str]
) -> list[LastOfEach]:
    if not asked:
        return []
    sessions, untils = [it.session_id for it in asked], [it.until for it in asked]
    answers: dict[int, LastOfEach] = defaultdict(dict)
    with connection.cursor() as cursor:
        statement = statements[any(it.archived for it in asked)]
        cursor.execute(statement, [sessions, untils, [it.source for it in asked], list(codes)])
        for place, key, code, value, measured_at, source in cursor.fetchall():
            answers[place][code] = TrueValue(key, code, value, measured_at, source)
    return [answers[place] for place in range(1, len(asked) + 1)]
