"""What dosing tells in a person's chart: every session, what was given, and how far the values went."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.dosing import facts, queries
from openkap.dosing.models import Discharge
from openkap.kernel.quantity import plain
from openkap.ui.templatetags.ui import clock
from openkap.ui.timeline import TimelineEntry
from openkap.watch import queries as watch_queries
from openkap.watch.codes import SBP, SPO2
from openkap.watch.models import Mark, Session
from openkap.watch.queries import Extremes

ASKS = (queries.of_patient,)


def doses(patient_id: uuid.UUID) -> list[TimelineEntry]:
    """Every session of a person; one without a dose too, with the reason it was closed."""
    sessions = queries.of_patient(patient_id)
    extremes = watch_queries.extremes([session.id for session in sessions], codes=(SBP, SPO2))
    return [_session(session, extremes.get(session.id, {})) for session in sessions]


def _session(session: Session, extremes: dict[str, Extremes]) -> TimelineEntry:
    room = (reverse("dosing:room", args=[session.id]), _("The room"))
    paper = (reverse("dosing:summary", args=[session.id]), _("Summary, PDF"))
    return TimelineEntry(
        at=session.dose_began_at or session.at,
        title=_title(session),
        by=session.room.name,
        lines=tuple(line for line in (_values(extremes), *_answers(session), _end(session)) if line),
        notes=() if session.closed_at else (("now", _("in session")),),
        links=(room, paper) if session.closed_at else (room,),
    )


def _title(session: Session) -> str:
    number, doses = session.planned_session.number, list(session.doses.all())
    if not doses:
        if session.closed_at is None:
            return _("Session %(number)s, no dose yet") % {"number": number}
        return _("Session %(number)s, no dose") % {"number": number}
    ends = [(dose, dose.ended_at) for dose in doses if dose.ended_at]
    if len(ends) < len(doses):
        return _("Session %(number)s, the dose runs") % {"number": number}
    given = sum((facts.dose_state(dose, at=end).given_mg for dose, end in ends), Decimal(0))
    mg = plain(given.quantize(Decimal("0.1")))
    return _("Session %(number)s, %(mg)s mg given") % {"number": number, "mg": mg}


def _values(extremes: dict[str, Extremes]) -> str:
    """How far the values went, of what was measured."""
    told = []
    if SBP in extremes:
        told.append(_("Highest systolic pressure: %(value)s") % {"value": _whole(extremes[SBP].highest)})
    if SPO2 in extremes:
        told.append(_("Lowest SpO₂: %(value)s %%") % {"value": _whole(extremes[SPO2].lowest)})
    return " · ".join(told)


def _whole(value: Decimal) -> str:
    return plain(value.quantize(Decimal(1)))


def _answers(session: Session) -> list[str]:
    marks: Sequence[Mark] = session.answered_marks  # type: ignore[attr-defined]
    return [line for mark in marks for line in _answered(mark)]


def _answered(mark: Mark) -> list[str]:
    assert mark.acknowledged_at is not None
    told = [
        _("%(time)s %(says)s: %(done)s (%(name)s, %(answered)s)")
        % {
            "time": clock(mark.at),
            "says": mark.says,
            "done": mark.action_taken,
            "name": mark.acknowledged_by_name,
            "answered": clock(mark.acknowledged_at),
        }
    ]
    return told + [
        _("%(name)s decided to go on: %(reason)s") % {"name": it.by_name, "reason": it.reason}
        for it in mark.decisions.all()
    ]


def _end(session: Session) -> str:
    discharge: Discharge | None = getattr(session, "discharge", None)
    if discharge is None:
        return session.close_reason
    at, escort = clock(discharge.at), discharge.escort_name
    if discharge.way == Discharge.Way.AGAINST_ADVICE:
        return _("Went home against advice at %(at)s: %(why)s") % {"at": at, "why": discharge.why}
    return _("Went home at %(at)s with %(escort)s.") % {"at": at, "escort": escort}
