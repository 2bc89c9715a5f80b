"""Entered in error: struck through, kept, and acting no more; or corrected by another entry (H39)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.dosing import rules
from openkap.dosing.events import EntriesMarkedInError
from openkap.dosing.models import MedicinesReview, NoDrivePromise, SecondCheck
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if
from openkap.watch import facts as watch_facts
from openkap.watch.actions.locking import locked_session, tell
from openkap.watch.actions.marking import close_baseless, reevaluate
from openkap.watch.actions.vitals import take_vitals
from openkap.watch.codes import DBP, MEAN, SBP
from openkap.watch.models import AdverseEvent, EnteredInError, Remark, Session, Vital
from openkap.watch.statements import ClosingStatement

Kind = EnteredInError.Kind
TABLES: dict[str, Any] = {
    Kind.VALUE: Vital,
    Kind.ADVERSE_EVENT: AdverseEvent,
    Kind.REMARK: Remark,
    Kind.SECOND_CHECK: SecondCheck,
    Kind.PROMISE: NoDrivePromise,
    Kind.MEDICINES: MedicinesReview,
}
CUFF = (SBP, DBP, MEAN)


def _charted(session: Session, kind: str, *, entry_id: uuid.UUID) -> rules.Charted | None:
    table = TABLES.get(kind)
    entry = table.objects.filter(session=session, id=entry_id).first() if table else None
    if entry is None:
        return None
    by_hand = kind != Kind.VALUE or entry.source == "hand"
    return rules.Charted(by_hand=by_hand, in_error=entry_id in watch_facts.errors_of(session, kind))


def _partners(session: Session, kind: str, *, entry_id: uuid.UUID) -> list[uuid.UUID]:
    """What falls with an entry: of a cuff reading, both its pressures."""
    if kind != Kind.VALUE:
        return [entry_id]
    vital = Vital.objects.get(session=session, id=entry_id)
    if vital.code not in CUFF:
        return [entry_id]
    rows = Vital.objects.filter(session=session, code__in=CUFF, source="hand", measured_at=vital.measured_at)
    known = watch_facts.errors_of(session, kind)
    return [key for key in rows.filter(by_id=vital.by_id).values_list("id", flat=True) if key not in known]


@transaction.atomic
def enter_in_error(
    session_id: uuid.UUID, *, kind: str, entry_id: uuid.UUID, why: str, by: Actor, at: datetime
) -> list[EnteredInError]:
    """Call what was charted by hand an error. It stays visible; its marks go when nothing else holds them."""
    session = locked_session(session_id, with_patient=True)
    entry = _charted(session, kind, entry_id=entry_id)
    refuse_if(rules.objections_to_error(entry, why=why, is_person=by.is_person))
    reason = why.strip()[:300]
    rows = [
        EnteredInError.objects.create(
            session=session, kind=Kind(kind), entry_id=key, why=reason, **by.stamp(at)
        )
        for key in _partners(session, kind, entry_id=entry_id)
    ]
    if session.closed_at is None:
        close_baseless(session, because=ClosingStatement.ENTERED_IN_ERROR(why=reason), at=at)
        reevaluate(session, by=by, at=at)
    tell(session)
    record(
        EntriesMarkedInError(kind=kind, entries=tuple(row.entry_id for row in rows)),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("session", session.id),
        why=reason,
    )
    return rows


@transaction.atomic
def correct_value(
    session_id: uuid.UUID,
    *,
    entry_id: uuid.UUID,
    values: Mapping[str, Decimal],
    why: str,
    by: Actor,
    at: datetime,
) -> list[Vital]:
    """Call a value an error and chart the right one in its place, measured at the same moment."""
    rows = enter_in_error(session_id, kind=Kind.VALUE, entry_id=entry_id, why=why, by=by, at=at)
    wrong = Vital.objects.filter(id__in=[row.entry_id for row in rows])
    codes = set(wrong.values_list("code", flat=True))
    refuse_if(rules.objections_to_correction(codes, values))
    measured_at = wrong.values_list("measured_at", flat=True)[0]
    return take_vitals(session_id, values=values, measured_at=measured_at, client_id=uuid7(), by=by, at=at)
