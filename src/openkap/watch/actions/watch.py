"""Taking side effects and what was said. What arrives twice is one row; nothing received is lost."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.kernel.refusal import refuse_if
from openkap.watch import facts, rules
from openkap.watch.actions.locking import locked_session, tell
from openkap.watch.actions.marking import reevaluate
from openkap.watch.actions.moments import objections_to_time
from openkap.watch.events import AdverseEventNoted, RemarkNoted
from openkap.watch.models import AdverseEvent, Remark
from openkap.watch.statements import WatchAlert


def _same(earlier: Any, **sent: object) -> None:
    """An entry's key names one entry for ever; the same key with other content is a conflict (H24)."""
    if any(getattr(earlier, name) != value for name, value in sent.items()):
        raise rules.other_content()


@transaction.atomic
def note_adverse_event(
    session_id: uuid.UUID,
    *,
    term: str,
    grade: int,
    noticed_at: datetime,
    client_id: uuid.UUID,
    by: Actor,
    at: datetime,
    serious: bool = False,
    note: str = "",
) -> AdverseEvent:
    """Something the person felt or showed. From grade 3, or when serious, the prescriber is told."""
    session = locked_session(session_id)
    earlier = AdverseEvent.objects.filter(client_id=client_id).first()
    if earlier is not None:
        told = {"term": term.strip()[:80], "grade": grade, "serious": serious, "note": note.strip()[:500]}
        _same(earlier, session_id=session.id, by_id=by.user_id, **told)
        return earlier
    objections = objections_to_time(session, noticed_at, at=at)
    refuse_if(objections + rules.objections_to_adverse_event(term=term, grade=grade))
    event = AdverseEvent.objects.create(
        session=session,
        client_id=client_id,
        term=term.strip()[:80],
        grade=grade,
        serious=serious,
        note=note.strip()[:500],
        noticed_at=min(noticed_at, at),
        **by.stamp(at),
    )
    if serious or grade >= facts.numbers_of(session).serious_from_grade:
        raise_alert(
            session.patient_id,
            kind="adverse_event",
            says=WatchAlert.ADVERSE_EVENT(room=session.room.name, term=event.term, grade=event.grade),
            owner_membership_id=owner_for(session.patient_id, "prescriber"),
            cause=("adverse_event", event.id),
            by=by,
            at=at,
        )
    if session.closed_at is None:
        reevaluate(session, by=by, at=at)
    tell(session)
    noted = AdverseEventNoted(term=event.term, grade=grade, serious=serious)
    record(noted, by=by, at=at, patient_id=session.patient_id, subject=("adverse_event", event.id))
    return event


@transaction.atomic
def note_remark(
    session_id: uuid.UUID,
    *,
    kind: str,
    text: str,
    noticed_at: datetime,
    client_id: uuid.UUID,
    by: Actor,
    at: datetime,
    agreed: bool = False,
) -> Remark:
    """What the person said, when they agreed to have it written down, or who is in the room."""
    session = locked_session(session_id)
    earlier = Remark.objects.filter(client_id=client_id).first()
    if earlier is not None:
        told = {"kind": Remark.Kind(kind), "text": text.strip()[:1000]}
        _same(earlier, session_id=session.id, by_id=by.user_id, **told)
        return earlier
    objections = objections_to_time(session, noticed_at, at=at)
    theirs = kind == Remark.Kind.WORDS
    objections += rules.objections_to_remark(text, are_their_words=theirs, agreed=agreed)
    refuse_if(objections)
    remark = Remark.objects.create(
        session=session,
        client_id=client_id,
        kind=Remark.Kind(kind),
        text=text.strip()[:1000],
        noticed_at=min(noticed_at, at),
        **by.stamp(at),
    )
    tell(session)
    subject = ("remark", remark.id)
    record(RemarkNoted(kind=kind), by=by, at=at, patient_id=session.patient_id, subject=subject)
    return remark
