"""The values charted as true, as the rules compare them. Reads only."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from openkap.kernel.quantity import plain
from openkap.watch.facts.reading import is_read_at, once
from openkap.watch.facts.session import numbers_of
from openkap.watch.models import EnteredInError, Session, Vital, VitalSettled
from openkap.watch.plausibility import DBP, SBP, UNIT_OF, ReadingStanding
from openkap.watch.readings import Pressure


def _sound(session: Session) -> QuerySet[Vital]:
    """Every value of a session but those entered in error."""
    errors = EnteredInError.objects.filter(session=session, kind=EnteredInError.Kind.VALUE)
    return Vital.objects.filter(session=session).exclude(id__in=errors.values("entry_id"))


def charted(session: Session) -> QuerySet[Vital]:
    """The values that count as the person's own: plausible ones, and those a person has confirmed."""
    return _sound(session).filter(Q(standing=ReadingStanding.PLAUSIBLE) | Q(settled__is_true=True))


def unconfirmed(session: Session, *, at: datetime) -> QuerySet[Vital]:
    """Grave values nobody has looked at yet: they act, and are not charted (H11).

    After a person has called a signal the sensor's, that signal is left in peace for a few minutes.
    """
    numbers = numbers_of(session)
    rows = _sound(session).filter(
        standing=ReadingStanding.UNCONFIRMED,
        settled__isnull=True,
        measured_at__gt=at - timedelta(minutes=numbers.not_confirmed_minutes),
        measured_at__lte=at,
    )
    settled = VitalSettled.objects.filter(vital__session=session, is_true=False, at__lte=at)
    last = settled.order_by("-at").first()
    if last is None:
        return rows
    codes = settled.filter(at=last.at).values("vital__code")
    quiet = timedelta(minutes=numbers.quiet_after_sensor_minutes)
    return rows.exclude(code__in=codes, measured_at__lte=last.at + quiet)


def monitor_values(
    session: Session, *, since: datetime, until: datetime
) -> list[tuple[str, datetime, Decimal]]:
    """What monitors sent after `since` and until then, oldest first: code, moment, value."""
    rows = _sound(session).filter(source="monitor", measured_at__gt=since, measured_at__lte=until)
    return list(rows.order_by("measured_at", "id").values_list("code", "measured_at", "value"))


def last_true(session: Session, *codes: str, at: datetime, since: datetime | None = None) -> Vital | None:
    """The value measured last, among those charted as true."""
    if is_read_at(session, at):
        last = _last_of_each(session, at=at)
        known = [last[code] for code in codes if code in last]
        late = [row for row in known if since is None or row.measured_at >= since]
        return max(late, key=lambda row: (row.measured_at, row.id), default=None)
    rows = charted(session).filter(code__in=codes, measured_at__lte=at)
    if since is not None:
        rows = rows.filter(measured_at__gte=since)
    return rows.order_by("-measured_at", "-id").first()


def _last_of_each(session: Session, *, at: datetime) -> dict[str, Vital]:
    """The last true value of each reading: one question, as quick in a long session as in a short one."""
    rows = charted(session).filter(measured_at__lte=at).order_by("-measured_at", "-id")
    each = [rows.filter(code=code)[:1] for code in UNIT_OF]

    def ask() -> dict[str, Vital]:
        return {row.code: row for row in each[0].union(*each[1:], all=True)}

    return once(session, "last of each", ask=ask)


def unconfirmed_rows(session: Session, *, at: datetime) -> list[Vital]:
    """Grave values nobody has looked at yet, the newest first."""

    def ask() -> list[Vital]:
        return list(unconfirmed(session, at=at).order_by("-measured_at", "-id"))

    return once(session, ("unconfirmed", at), ask=ask)


def number(stored: Decimal) -> Decimal:
    """A stored value without the zeros its column adds, so that words about it read as it was measured."""
    return Decimal(plain(stored))


def cuff(session: Session, *, at: datetime) -> Pressure | None:
    """The last cuff reading with both its pressures, charted as true."""
    return once(session, ("cuff", at), ask=lambda: _cuff(session, at=at))


def _cuff(session: Session, *, at: datetime) -> Pressure | None:
    systolic = last_true(session, SBP, at=at)
    if systolic is None:
        return None
    diastolic = charted(session).filter(code=DBP, measured_at=systolic.measured_at).first()
    if diastolic is None:
        return None
    return Pressure(number(systolic.value), number(diastolic.value), systolic.measured_at)


def cuffs(session: Session, *, at: datetime) -> list[Pressure]:
    """Every cuff reading of the session with both its pressures, charted as true, oldest first."""
    rows = charted(session).filter(measured_at__lte=at)
    lower = {row.measured_at: row.value for row in rows.filter(code=DBP)}
    upper = [row for row in rows.filter(code=SBP).order_by("measured_at", "id") if row.measured_at in lower]
    return [Pressure(number(row.value), number(lower[row.measured_at]), row.measured_at) for row in upper]


def baseline(session: Session) -> dict[str, Decimal]:
    """What later values are compared with: the last true value of each code before the dose.

    Until there is a dose, the first of the day.
    """
    rows = charted(session)
    if session.dose_began_at is None:
        ordered = rows.order_by("code", "measured_at", "id")
    else:
        before = rows.filter(measured_at__lte=session.dose_began_at)
        ordered = before.order_by("code", "-measured_at", "-id")
    return {row.code: number(row.value) for row in ordered.distinct("code")}
