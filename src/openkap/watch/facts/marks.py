"""The marks that stand, and whether the person still consents. Reads only."""

from __future__ import annotations

from openkap.consent import queries as consents
from openkap.watch import rules
from openkap.watch.models import Mark, Session


def open_marks(session: Session) -> tuple[rules.OpenMark, ...]:
    """The marks that stand, as what bars the drug is judged by them."""
    rows = Mark.objects.filter(session=session, closed_at__isnull=True).prefetch_related("decisions")
    return tuple(open_mark(row) for row in rows.order_by("at", "id"))


def open_mark(row: Mark) -> rules.OpenMark:
    """One mark, as the rules see it."""
    confirmed, decided = row.confirmed, bool(row.decisions.all())
    return rules.OpenMark(row.id, row.says, row.action, row.level, row.cause, confirmed, decided)


def is_consent_withdrawn(session: Session) -> bool:
    """Whether the person has taken their consent back and given no other since."""
    if consents.valid(session.patient_id) is not None:
        return False
    earlier = consents.signed(session.patient_id)
    return bool(earlier and earlier[0].withdrawals.all())
