"""The writers of measures. An answer that speaks of suicide raises its alert in the same commit (H12)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.alerts import actions as alerts_actions
from openkap.alerts.models import Alert
from openkap.audit.actions import record
from openkap.kernel.event import DomainEvent
from openkap.kernel.refusal import refuse_if
from openkap.measures import queries, rules, wording
from openkap.measures.events import (
    MeasureAnswered,
    MeasureAssigned,
    MeasureHandedIn,
    MeasureLinkQueued,
    MeasureWithdrawn,
    ScoreEntered,
)
from openkap.measures.instruments import ALL
from openkap.measures.instruments.instrument import Instrument, Scored
from openkap.measures.models import Assignment, GivenAnswer, Response
from openkap.notices import actions as notices_actions
from openkap.notices.channels import address_of


def _note(event: DomainEvent, assignment: Assignment, *, by: Actor, at: datetime, why: str = "") -> None:
    record(
        event,
        by=by,
        at=at,
        patient_id=assignment.patient_id,
        subject=("assignment", assignment.id),
        why=why,
    )


def _locked(assignment_id: uuid.UUID) -> Assignment:
    assignment = Assignment.objects.select_for_update().filter(id=assignment_id).first()
    if assignment is None:
        raise rules.no_such_assignment()
    return assignment


def _create(
    patient_id: uuid.UUID,
    measure: str,
    *,
    owner: uuid.UUID,
    by: Actor,
    at: datetime,
    occasion: str,
    due_on: date | None = None,
) -> Assignment:
    return Assignment.objects.create(
        patient_id=patient_id,
        measure=measure,
        occasion=occasion.strip()[:60],
        due_on=due_on,
        owner_id=owner,
        **by.stamp(at),
    )


@transaction.atomic
def assign(
    patient_id: uuid.UUID,
    *,
    measure: str,
    owner_membership_id: uuid.UUID,
    by: Actor,
    at: datetime,
    occasion: str = "",
    due_on: date | None = None,
) -> Assignment:
    """Ask a person to fill a measure in; its owner answers for what it says."""
    instrument = ALL.get(measure)
    has_wording = instrument is not None and wording.of(instrument) is not None
    refuse_if(rules.objections_to_assigning(instrument, has_wording=has_wording))
    assignment = _create(
        patient_id, measure, owner=owner_membership_id, by=by, at=at, occasion=occasion, due_on=due_on
    )
    _note(MeasureAssigned(measure=assignment.measure, owner_id=owner_membership_id), assignment, by=by, at=at)
    return assignment


@transaction.atomic
def send(assignment_id: uuid.UUID, *, by: Actor, at: datetime) -> Assignment:
    """Put the person's link on its way, once more if asked; the notice says if it went out."""
    assignment = _locked(assignment_id)
    to = address_of(assignment.patient)
    refuse_if(rules.objections_to_sending(queries.standing(assignment), has_address=to is not None))
    assert to is not None
    assignment.notice = notices_actions.queue(
        kind="measure",
        to=to,
        link_path=queries.link_path(assignment),
        owner_membership_id=assignment.owner_id,
        patient_id=assignment.patient_id,
        by=by,
        at=at,
    )
    assignment.save(update_fields=["notice"])
    _note(MeasureLinkQueued(measure=assignment.measure), assignment, by=by, at=at)
    return assignment


def _raise_calls(
    assignment: Assignment,
    instrument: Instrument,
    *,
    flags: tuple[str, ...],
    now: tuple[str, uuid.UUID],
    by: Actor,
    at: datetime,
) -> None:
    """Raise what the flags call for: one open alert a measure, and a new one once that was answered."""
    for call in rules.calls(instrument, flags):
        raised = _raise_call(call, assignment, cause=("assignment", assignment.id), by=by, at=at)
        if raised.answered_at is not None:
            _raise_call(call, assignment, cause=now, by=by, at=at)


def _raise_call(
    call: rules.Call, assignment: Assignment, *, cause: tuple[str, uuid.UUID], by: Actor, at: datetime
) -> Alert:
    return alerts_actions.raise_alert(
        assignment.patient_id,
        kind=call.kind,
        says=call.says,
        owner_membership_id=assignment.owner_id,
        cause=cause,
        severity=call.severity,
        by=by,
        at=at,
    )


@transaction.atomic
def answer(assignment_id: uuid.UUID, *, item: str, value: int, by: Actor, at: datetime) -> GivenAnswer:
    """Keep one answer as it is tapped; a critical one raises its alert now, not at the end (H12)."""
    assignment = _locked(assignment_id)
    instrument = ALL[assignment.measure]
    refuse_if(rules.objections_to_answering(instrument, queries.standing(assignment), item=item, value=value))
    given = GivenAnswer.objects.create(assignment=assignment, item=item, value=value, **by.stamp(at))
    if rules.needs_help(instrument, {item: value}):
        flags = instrument.critical_flags({item: value})
        _raise_calls(assignment, instrument, flags=flags, now=("answer", given.id), by=by, at=at)
    _note(MeasureAnswered(measure=assignment.measure, item=item), assignment, by=by, at=at)
    return given


@transaction.atomic
def hand_in(assignment_id: uuid.UUID, *, by: Actor, at: datetime) -> Response:
    """Hand the answers in: scored once, kept for good, and flagged in the same transaction (H12)."""
    assignment = _locked(assignment_id)
    instrument = ALL[assignment.measure]
    taps = queries.taps_of(assignment.id)
    answers = dict(taps)
    refuse_if(rules.objections_to_handing_in(queries.standing(assignment), answers=answers))
    scored = instrument.scored(answers, sex=assignment.patient.sex)
    scored = replace(scored, flags=scored.flags + rules.taken_back(instrument, taps, answers=answers))
    response = _respond(assignment, instrument, scored=scored, answers=answers, by=by, at=at)
    _note(
        MeasureHandedIn(measure=assignment.measure, response_id=response.id, flags=scored.flags),
        assignment,
        by=by,
        at=at,
    )
    return response


def _respond(
    assignment: Assignment,
    instrument: Instrument,
    *,
    scored: Scored,
    answers: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> Response:
    response = Response.objects.create(
        assignment=assignment,
        patient_id=assignment.patient_id,
        measure=instrument.key,
        instrument_version=instrument.version,
        answers=dict(answers),
        total=scored.total,
        incomplete_reason=scored.incomplete_reason[:200],
        band=scored.band,
        subscales=dict(scored.subscales),
        flags=list(scored.flags),
        **by.stamp(at),
    )
    _raise_calls(assignment, instrument, flags=scored.flags, now=("response", response.id), by=by, at=at)
    return response


@transaction.atomic
def enter_score(
    assignment_id: uuid.UUID,
    *,
    answers: Mapping[str, int],
    by: Actor,
    at: datetime,
    total: Decimal | None = None,
) -> Response:
    """Type in what is on paper: the answers, or a total with the answers to the critical items alone."""
    assignment = _locked(assignment_id)
    instrument = ALL[assignment.measure]
    refuse_if(
        rules.objections_to_entering(instrument, queries.standing(assignment), answers=answers, total=total)
    )
    scored = instrument.scored(answers, sex=assignment.patient.sex)
    if total is not None and scored.total is None:
        scored = Scored(total, instrument.bands_for(assignment.patient.sex).of(total), flags=scored.flags)
    response = _respond(assignment, instrument, scored=scored, answers=answers, by=by, at=at)
    _note(
        ScoreEntered(measure=assignment.measure, response_id=response.id, flags=scored.flags),
        assignment,
        by=by,
        at=at,
    )
    return response


@transaction.atomic
def enter_from_paper(
    patient_id: uuid.UUID,
    *,
    measure: str,
    total: Decimal,
    answers: Mapping[str, int],
    owner_membership_id: uuid.UUID,
    by: Actor,
    at: datetime,
    occasion: str = "",
) -> Response:
    """Keep a total nobody had been asked for: the measure is noted as given on paper, and scored."""
    refuse_if(rules.objections_to_paper(known=measure in ALL))
    assignment = _create(
        patient_id, measure, owner=owner_membership_id, by=by, at=at, occasion=occasion or "on paper"
    )
    _note(MeasureAssigned(measure=assignment.measure, owner_id=owner_membership_id), assignment, by=by, at=at)
    return enter_score(assignment.id, answers=answers, total=total, by=by, at=at)


@transaction.atomic
def withdraw(assignment_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> Assignment:
    """Take a measure back before it is handed in; what was tapped so far stays in the record."""
    assignment = _locked(assignment_id)
    refuse_if(rules.objections_to_withdrawing(queries.standing(assignment), why=why))
    assignment.withdrawn_at = at
    assignment.save(update_fields=["withdrawn_at"])
    _note(MeasureWithdrawn(measure=assignment.measure), assignment, by=by, at=at, why=why.strip()[:200])
    return assignment
