"""Taking hold of a session before deciding, and telling the open screens after writing.

The patient is locked before the session, and the session before the product that is issued, everywhere, so
that a start, a leaving and a signature of consent follow one another and never wait for each other in a
circle. What was archived of a session is brought back for whoever takes hold of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from openkap.kernel.refusal import refuse_if
from openkap.people.models import Patient
from openkap.tenancy.notifications import publish_all
from openkap.watch import rules
from openkap.watch.actions.archiving import bring_back
from openkap.watch.models import Session

TOPIC, VALUES = "dosing", "dosing values"


def locked_session(session_id: uuid.UUID, *, with_patient: bool = False) -> Session:
    """The session, locked; with its patient first where consent is touched too."""
    if with_patient:
        whose = Session.objects.filter(id=session_id).values("patient_id")
        list(Patient.objects.select_for_update(no_key=True).filter(id__in=whose))
    session = Session.objects.select_for_update().filter(id=session_id).first()
    if session is None:
        raise rules.no_such_session()
    bring_back([session])
    return session


def locked_sessions(session_ids: Collection[uuid.UUID], *, wait: bool = True) -> dict[uuid.UUID, Session]:
    """Several sessions, locked one after the other in the order of their keys; with what they are bound to.

    Who holds one and waits for another waits in the same order as everybody, so nobody waits in a circle.
    Without waiting, those that somebody else holds now are left out.
    """
    locked = Session.objects.select_for_update(of=("self",), skip_locked=not wait)
    rows = locked.filter(id__in=session_ids).order_by("id")
    bound = rows.select_related("course__pack_version").defer("course__pack_version__body")
    sessions = {session.id: session for session in bound}
    bring_back(sessions.values())
    return sessions


def locked_open_session(session_id: uuid.UUID, *, with_patient: bool = False) -> Session:
    """The session, locked, or a refusal when it is closed."""
    session = locked_session(session_id, with_patient=with_patient)
    refuse_if(rules.objections_to_writing(closed=session.closed_at is not None))
    return session


def tell(session: Session) -> None:
    """Tell every open screen of this session that it changed, when it commits."""
    tell_all([session])


def tell_all(sessions: Sequence[Session]) -> None:
    """Tell every open screen of these sessions that they changed, when it commits."""
    publish_all(TOPIC, [one.id for one in sessions], clinic_id=sessions[0].clinic_id)


def tell_values(sessions: Sequence[Session]) -> None:
    """Tell every open screen of these sessions that a monitor sent what may be charted, and nothing else."""
    publish_all(VALUES, [one.id for one in sessions], clinic_id=sessions[0].clinic_id)
