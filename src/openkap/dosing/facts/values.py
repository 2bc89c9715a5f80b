"""The values charted as true, as the rules compare them. Reads only."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from openkap.dosing.leaving import Pressure
from openkap.dosing.models import Dose, Session, Vital
from openkap.dosing.plausibility import (
    DBP,
    SBP,
    Standing,
)
from openkap.kernel.quantity import plain


def last_true(session: Session, *codes: str, at: datetime, since: datetime | None = None) -> Vital | None:
    """The value measured last, among those charted as true."""
    rows = Vital.objects.filter(
        session=session, code__in=codes, standing=Standing.PLAUSIBLE, measured_at__lte=at
    )
    if since is not None:
        rows = rows.filter(measured_at__gte=since)
    return rows.order_by("-measured_at", "-id").first()


def number(stored: Decimal) -> Decimal:
    """A stored value without the zeros its column adds, so that words about it read as it was measured."""
    return Decimal(plain(stored))


def cuff(session: Session, *, at: datetime) -> Pressure | None:
    """The last cuff reading with both its pressures, charted as true."""
    systolic = last_true(session, SBP, at=at)
    if systolic is None:
        return None
    diastolic = Vital.objects.filter(
        session=session, code=DBP, standing=Standing.PLAUSIBLE, measured_at=systolic.measured_at
    ).first()
    if diastolic is None:
        return None
    return Pressure(number(systolic.value), number(diastolic.value), systolic.measured_at)


def cuffs(session: Session, *, at: datetime) -> list[Pressure]:
    """Every cuff reading of the session with both its pressures, charted as true, oldest first."""
    rows = Vital.objects.filter(session=session, standing=Standing.PLAUSIBLE, measured_at__lte=at)
    lower = {row.measured_at: row.value for row in rows.filter(code=DBP)}
    upper = [row for row in rows.filter(code=SBP).order_by("measured_at", "id") if row.measured_at in lower]
    return [Pressure(number(row.value), number(lower[row.measured_at]), row.measured_at) for row in upper]


def baseline(session: Session, dose: Dose | None) -> dict[str, Decimal]:
    """What later values are compared with: the last true value of each code before the dose.

    Until there is a dose, the first of the day.
    """
    rows = Vital.objects.filter(session=session, standing=Standing.PLAUSIBLE)
    if dose is None:
        ordered = rows.order_by("code", "measured_at", "id")
    else:
        ordered = rows.filter(measured_at__lte=dose.at).order_by("code", "-measured_at", "-id")
    return {row.code: number(row.value) for row in ordered.distinct("code")}
