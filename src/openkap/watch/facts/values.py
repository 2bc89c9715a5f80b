"""The values charted as true, as the rules compare them. Reads only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from openkap.kernel.quantity import plain
from openkap.watch.facts.last import LastOfEach, TrueValue, asked_of, first_of_each, last_of_each
from openkap.watch.facts.reading import Looked, by_session, loaded, once
from openkap.watch.facts.session import errors_of, numbers_of, settled_values
from openkap.watch.models import AnyVital, EnteredInError, Session, Vital, VitalSettled
from openkap.watch.plausibility import DBP, SBP, ReadingStanding
from openkap.watch.readings import Pressure

EVER = datetime.max.replace(tzinfo=UTC)
Arrived = tuple[str, datetime, Decimal]


def values_of(sessions: Iterable[Session]) -> QuerySet[Any]:
    """Every value of these sessions, also of one whose monitors' values are archived."""
    sessions = list(sessions)
    table = AnyVital if any(one.archived_at for one in sessions) else Vital
    return table._default_manager.filter(session_id__in=[one.id for one in sessions])


def _sound(sessions: Iterable[Session]) -> QuerySet[Any]:
    """Every value of these sessions but those entered in error."""
    sessions = list(sessions)
    errors = EnteredInError.objects.filter(session__in=sessions, kind=EnteredInError.Kind.VALUE)
    return values_of(sessions).exclude(id__in=errors.values("entry_id"))


def charted(session: Session) -> QuerySet[Any]:
    """The values that count as the person's own: plausible ones, and those a person has confirmed."""
    return charted_in([session])


def charted_in(sessions: Iterable[Session]) -> QuerySet[Any]:
    """The values of these sessions that count as the person's own."""
    confirmed = VitalSettled.objects.filter(is_true=True).values("vital_id")
    return _sound(sessions).filter(Q(standing=ReadingStanding.PLAUSIBLE) | Q(id__in=confirmed))


def unconfirmed(session: Session, *, at: datetime) -> list[Vital]:
    """Grave values nobody has looked at yet, the newest first: they act, and are not charted (H11).

    After a person has called a signal the sensor's, that signal is left in peace for a few minutes.
    """
    since = at - timedelta(minutes=numbers_of(session).not_confirmed_minutes)
    settled, wrong = settled_values(session), errors_of(session, EnteredInError.Kind.VALUE)
    out = wrong | {it.vital_id for it in settled}
    grave = loaded(session, "grave", at=at, ask=_grave) or []
    rows = [row for row in grave if since < row.measured_at <= at and row.id not in out]
    denied = [it for it in settled if not it.is_true and it.at <= at]
    if not denied:
        return rows
    last = max(it.at for it in denied)
    codes = {it.code for it in denied if it.at == last}
    quiet = last + timedelta(minutes=numbers_of(session).quiet_after_sensor_minutes)
    return [row for row in rows if row.code not in codes or row.measured_at > quiet]


def _grave(looked: Looked) -> dict[uuid.UUID, list[Vital]]:
    """What was grave and not confirmed when it came, the newest first."""
    longest = max(numbers_of(one).not_confirmed_minutes for one in looked.sessions)
    rows = values_of(looked.sessions).filter(
        standing=ReadingStanding.UNCONFIRMED,
        measured_at__gt=looked.first - timedelta(minutes=longest),
        measured_at__lte=looked.last,
    )
    return by_session(rows.order_by("-measured_at", "-id"))


def monitor_values(
    sessions: Iterable[Session], codes: Collection[str], *, since: datetime, until: datetime
) -> dict[uuid.UUID, list[Arrived]]:
    """What monitors sent of these readings after `since` and until then, oldest first, of each session."""
    rows = _sound(sessions).filter(
        source="monitor", code__in=codes, measured_at__gt=since, measured_at__lte=until
    )
    arrived: dict[uuid.UUID, list[Arrived]] = defaultdict(list)
    columns = ("session_id", "code", "measured_at", "value")
    for key, *one in rows.order_by("measured_at", "id").values_list(*columns):
        arrived[key].append((one[0], one[1], one[2]))
    return arrived


def last_true(session: Session, *codes: str, at: datetime, since: datetime | None = None) -> TrueValue | None:
    """The value measured last, among those charted as true."""
    last = last_values(session, at=at)
    known = [last[code] for code in codes if code in last]
    late = [value for value in known if since is None or value.measured_at >= since]
    return max(late, key=lambda value: (value.measured_at, value.id), default=None)


def last_values(session: Session, *, at: datetime, source: str = "") -> LastOfEach:
    """The last true value of each reading, from one source or from any."""

    values = loaded(session, "last values", at=at, ask=_last_values) or {}
    if (at, source) not in values:
        [values[at, source]] = last_of_each([asked_of(session, at, source=source)])
    return values[at, source]


def _last_values(looked: Looked) -> dict[uuid.UUID, dict[tuple[datetime, str], LastOfEach]]:
    """At each moment looked at those of any source, and at the last one those of the monitors too."""
    asked = [
        asked_of(one, moment, source=source)
        for one in looked.sessions
        for moment in looked.moments[one.id]
        for source in (("", "monitor") if moment == looked.last else ("",))
    ]
    values: dict[uuid.UUID, dict[tuple[datetime, str], LastOfEach]] = defaultdict(dict)
    for it, answer in zip(asked, last_of_each(asked), strict=True):
        values[it.session_id][it.until, it.source] = answer
    return values


def baseline(session: Session) -> dict[str, Decimal]:
    """What later values are compared with: the last true value of each code before the dose.

    Until there is a dose, the first of the day.
    """
    values = loaded(session, "baseline", ask=_baselines) or {}
    return {code: number(one.value) for code, one in values.items()}


def _baselines(looked: Looked) -> dict[uuid.UUID, LastOfEach]:
    began = [asked_of(one, one.dose_began_at) for one in looked.sessions if one.dose_began_at is not None]
    to_come = [asked_of(one, EVER) for one in looked.sessions if one.dose_began_at is None]
    answers = [*last_of_each(began), *first_of_each(to_come)]
    return {it.session_id: values for it, values in zip([*began, *to_come], answers, strict=True)}


def number(stored: Decimal) -> Decimal:
    """A stored value without the zeros its column adds, so that words about it read as it was measured."""
    return Decimal(plain(stored))


def cuff(session: Session, *, at: datetime) -> Pressure | None:
    """The last cuff reading with both its pressures, charted as true."""
    return once(session, ("cuff", at), ask=lambda: _cuff(session, at=at))


def _cuff(session: Session, *, at: datetime) -> Pressure | None:
    last = last_values(session, at=at)
    systolic, diastolic = last.get(SBP), last.get(DBP)
    if systolic is None or diastolic is None:
        return None
    lower = diastolic.value
    if diastolic.measured_at != systolic.measured_at:
        rows = charted(session).filter(code=DBP, measured_at=systolic.measured_at)
        earlier = rows.values_list("value", flat=True).first()
        if earlier is None:
            return None
        lower = earlier
    return Pressure(number(systolic.value), number(lower), systolic.measured_at)


def cuffs(session: Session, *, at: datetime) -> list[Pressure]:
    """Every cuff reading of the session with both its pressures, charted as true, oldest first."""
    rows = list(
        charted(session).filter(code__in=(SBP, DBP), measured_at__lte=at).order_by("measured_at", "id")
    )
    lower = {row.measured_at: row.value for row in rows if row.code == DBP}
    upper = [row for row in rows if row.code == SBP and row.measured_at in lower]
    return [Pressure(number(row.value), number(lower[row.measured_at]), row.measured_at) for row in upper]
