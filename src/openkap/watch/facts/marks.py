"""The marks that stand, and whether the person still consents. Reads only."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from openkap.consent import queries as consents
from openkap.tenancy.keyed_queries import keyed_query
from openkap.watch import rules
from openkap.watch.facts.reading import Looked, by_session, loaded
from openkap.watch.models import Mark, Session


def marks(session: Session) -> list[Mark]:
    """Every mark of a session, also those that are closed, oldest first."""
    return loaded(session, "marks", ask=_marks) or []


@keyed_query
def marks_in(*sessions: uuid.UUID) -> QuerySet[Mark]:
    """Every mark of these sessions, oldest first, with what was decided about it."""
    rows = Mark.objects.filter(session_id__in=sessions).prefetch_related("decisions")
    return rows.order_by("at", "id")


def _marks(looked: Looked) -> dict[uuid.UUID, list[Mark]]:
    return by_session(marks_in(*looked.keys))


def open_marks(session: Session) -> tuple[rules.OpenMark, ...]:
    """The marks that stand, as what bars the drug is judged by them."""
    return tuple(open_mark(row) for row in marks(session) if row.closed_at is None)


def open_mark(mark: Mark) -> rules.OpenMark:
    """One mark, as the rules see it."""
    confirmed, decided = mark.confirmed, bool(mark.decisions.all())
    return rules.OpenMark(mark.id, mark.says, mark.action, mark.level, mark.cause, confirmed, decided)


def is_consent_withdrawn(session: Session) -> bool:
    """Whether the person has taken their consent back and given no other since."""
    return bool(loaded(session, "consent withdrawn", ask=_consents_withdrawn))


def _consents_withdrawn(looked: Looked) -> dict[uuid.UUID, bool]:
    withdrawn = consents.withdrawn_among([one.patient_id for one in looked.sessions])
    valid = consents.valid_of(withdrawn) if withdrawn else {}
    return {one.id: one.patient_id in withdrawn and one.patient_id not in valid for one in looked.sessions}
