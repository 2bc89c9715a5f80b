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


def baseline(session: Session, dose: Dose | None) -> dict[str, Decimal]:
    """The last true value of each code before the dose: what later values are compared with."""
    if dose is None:
        return {}
    rows = Vital.objects.filter(session=session, standing=Standing.PLAUSIBLE, measured_at__lte=dose.at)
    last = rows.order_by("code", "-measured_at", "-id").distinct("code")
    return {row.code: number(row.value) for row in last}
