"""Everything leaving is judged by. Reads only."""

from __future__ import annotations

from datetime import datetime

from openkap.dosing.discharge import DischargeFacts
from openkap.dosing.facts.session import promise_of
from openkap.kernel.answer import Answer
from openkap.watch.causes import CONSENT
from openkap.watch.facts.marks import marks
from openkap.watch.facts.values import cuff, last_true, number
from openkap.watch.levels import Level
from openkap.watch.models import Mark, Session
from openkap.watch.plausibility import MOAAS, SPO2


def discharge_facts(
    session: Session,
    *,
    at: datetime,
    gait_steady: Answer = Answer.NOT_ASKED,
    oriented: Answer = Answer.NOT_ASKED,
    escort_seen: Answer = Answer.NOT_ASKED,
) -> DischargeFacts:
    """Everything leaving is judged by."""
    began = session.dose_began_at
    alert, saturation = last_true(session, MOAAS, at=at), last_true(session, SPO2, at=at)
    promise = promise_of(session)
    return DischargeFacts(
        started_at=began,
        ended_at=session.dose_ended_at,
        baseline=cuff(session, at=began) if began else None,
        pressure=cuff(session, at=at),
        moaas=int(alert.value) if alert else None,
        moaas_at=alert.measured_at if alert else None,
        spo2=number(saturation.value) if saturation else None,
        spo2_at=saturation.measured_at if saturation else None,
        gait_steady=gait_steady,
        oriented=oriented,
        escort_seen=escort_seen,
        no_drive_signed_at=promise.at if promise else None,
        marks_open=marks_in_the_way(session),
    )


def marks_in_the_way(session: Session) -> int:
    """Marks nobody has answered, and those that ask for an act until it has been measured again.

    Consent that was withdrawn keeps nobody here: once answered it bars the drug, and not the discharge.
    """
    still_open = [mark for mark in marks(session) if mark.closed_at is None]
    return sum(mark.acknowledged_at is None or _keeps_here(mark) for mark in still_open)


def _keeps_here(mark: Mark) -> bool:
    return Level(mark.level) in (Level.ACT, Level.STOP) and mark.cause != CONSENT
