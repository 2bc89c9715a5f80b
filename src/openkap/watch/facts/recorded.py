"""What the record says of a monitor's values already. Reads only.

A monitor speaks each second, and every value it sends stands in its own row and its message in the journal:
the record says once for each minute and reading that they came, and once that some could not be charted.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from openkap.watch.models import Vital, VitalMinute
from openkap.watch.plausibility import ReadingStanding
from openkap.watch.thinning import minute_of

_Minute = tuple[uuid.UUID, str, datetime]


def said_in_their_minutes(fresh: Collection[Vital]) -> set[uuid.UUID]:
    """Which of these values, just written, are not the first of their minute, reading and kind."""
    sent = [row for row in fresh if row.source == "monitor"]
    true = [row for row in sent if row.standing == ReadingStanding.PLAUSIBLE]
    doubted = [row for row in sent if row.standing != ReadingStanding.PLAUSIBLE]
    return _not_first(true, earlier=_true_in(true)) | _not_first(doubted, earlier=_doubted_in(doubted))


def _minute(vital: Vital) -> _Minute:
    return vital.session_id, vital.code, minute_of(vital.measured_at)


def _not_first(rows: Collection[Vital], *, earlier: Collection[_Minute]) -> set[uuid.UUID]:
    return {row.id for row in rows if _minute(row) in earlier}


def _true_in(rows: Collection[Vital]) -> set[_Minute]:
    """The minutes in which there were true values before these."""
    if not rows:
        return set()
    new = Counter(_minute(row) for row in rows)
    sessions, codes, minutes = (set(column) for column in zip(*new, strict=True))
    kept = VitalMinute.objects.filter(
        session_id__in=sessions, code__in=codes, minute__in=minutes, source="monitor"
    )
    columns = ("session_id", "code", "minute", "count")
    return {
        (session, code, minute)
        for session, code, minute, count in kept.order_by().values_list(*columns)
        if count > new[session, code, minute]
    }


def _doubted_in(rows: Collection[Vital]) -> set[_Minute]:
    """The minutes in which there were values that could not be charted, before these."""
    if not rows:
        return set()
    times = [minute_of(row.measured_at) for row in rows]
    kept = Vital.objects.filter(
        session_id__in={row.session_id for row in rows},
        code__in={row.code for row in rows},
        source="monitor",
        measured_at__gte=min(times),
        measured_at__lt=max(times) + timedelta(minutes=1),
    ).exclude(standing=ReadingStanding.PLAUSIBLE)
    before = kept.exclude(id__in=[row.id for row in rows]).order_by()
    return {
        (session, code, minute_of(when))
        for session, code, when in before.values_list("session_id", "code", "measured_at")
    }
