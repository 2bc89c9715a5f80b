"""Answering a mark, and deciding about one: by a person, with what they did (H08)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.kernel.refusal import refuse_if
from openkap.watch import facts, rules
from openkap.watch.actions.locking import locked_session, tell
from openkap.watch.events import MarkAnswered, MarkDecided
from openkap.watch.models import Mark, MarkDecision, Session


def locked_mark(mark_id: uuid.UUID) -> tuple[Mark, Session]:
    """A mark and its session, both locked."""
    whose = Mark.objects.filter(id=mark_id).values_list("session_id", flat=True).first()
    if whose is None:
        raise rules.no_such_mark()
    session = locked_session(whose)
    return Mark.objects.select_for_update().get(id=mark_id), session


def answer_mark(mark: Mark, *, action: str, by: Actor, at: datetime) -> None:
    """Write down who answered a mark, with what, and until when it is measured again."""
    mark.acknowledged_at = at
    mark.acknowledged_by_name = by.name
    mark.action_taken = action.strip()[:300]
    mark.recheck_at = at + timedelta(minutes=mark.recheck_minutes)
    mark.escalated_at = None
    fields = ["acknowledged_at", "acknowledged_by_name", "action_taken", "recheck_at", "escalated_at"]
    mark.save(update_fields=fields)


@transaction.atomic
def acknowledge_mark(mark_id: uuid.UUID, *, action: str, by: Actor, at: datetime) -> Mark:
    """Somebody has seen it, says what they did, and will measure again within the mark's minutes."""
    mark, session = locked_mark(mark_id)
    closed = mark.closed_at is not None
    refuse_if(rules.objections_to_answering(closed=closed, action=action, is_person=by.is_person))
    answer_mark(mark, action=action, by=by, at=at)
    tell(session)
    record(
        MarkAnswered(flag=mark.flag, level=mark.level, action=mark.action_taken),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("mark", mark.id),
    )
    return mark


@transaction.atomic
def decide_about_mark(mark_id: uuid.UUID, *, reason: str, by: Actor, at: datetime) -> MarkDecision:
    """A prescriber decides to go on although this mark stands. It lifts this mark alone, and answers it.

    What becomes clearly worse after that raises another mark, which this decision does not lift (H08).
    """
    mark, session = locked_mark(mark_id)
    closed = mark.closed_at is not None
    refuse_if(rules.objections_to_deciding(facts.open_mark(mark), closed=closed, role=by.role, reason=reason))
    decision = MarkDecision.objects.create(mark=mark, reason=reason.strip()[:500], **by.stamp(at))
    answer_mark(mark, action=f"Decided to go on: {reason.strip()}", by=by, at=at)
    tell(session)
    record(
        MarkDecided(flag=mark.flag, level=mark.level, rule=mark.rule, confirmed=mark.confirmed),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("mark", mark.id),
        why=reason,
    )
    return decision
