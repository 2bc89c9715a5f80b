"""The writers of screening."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.accounts.roles import Role
from openkap.alerts.actions import raise_alert
from openkap.audit.actions import record
from openkap.chart import actions as chart_actions
from openkap.chart import queries as facts
from openkap.defaults import queries as defaults
from openkap.kernel.answer import Answer
from openkap.kernel.event import DomainEvent
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if
from openkap.people.models import Patient
from openkap.protocols import queries as protocols
from openkap.protocols.models import PackVersion
from openkap.protocols.pack import Pack
from openkap.screening import deciding, queries, rules
from openkap.screening.events import ScreeningDecided, ScreeningSeconded
from openkap.screening.facts import Facts
from openkap.screening.models import Decision, SecondSignature
from openkap.screening.numbers import ScreeningNumbers
from openkap.screening.statements import ScreeningStatement


def as_data(findings: tuple[rules.Finding, ...]) -> list[dict[str, Any]]:
    """Findings as plain data, for the record."""
    return [{**asdict(it), "status": it.status.value} for it in findings]


def _words(
    patient: Patient, facts: Facts, *, pack_name: str, outcome: str, reason: str, assessment: rules.Assessment
) -> str:
    lines = [
        f"{patient.name}, {patient.mrn}",
        f"Decision of {facts.today.isoformat()}: {outcome}",
        f"Findings of the protocol {pack_name} came to: {assessment.outcome}",
        *(f"- {it.flag} ({it.rule}): {it.outcome}; {'; '.join(it.because)}" for it in assessment.findings),
    ]
    return "\n".join([*lines, *([f"Reason: {reason.strip()}"] if reason.strip() else [])])


@transaction.atomic
def answer(
    patient_id: uuid.UUID,
    *,
    pack: Pack,
    answers: dict[str, tuple[Answer, str]],
    again: frozenset[str] = frozenset(),
    by: Actor,
    at: datetime,
) -> None:
    """Write down what was asked; a yes to a question that calls for somebody has an owner at once (H12)."""
    chart_actions.answer_facts(patient_id, answers=answers, again=again, by=by, at=at)
    calling = {question.name: question.ask for question in pack.questions if question.alert}
    for name, fact in facts.facts(patient_id).items():
        if name in calling and name in answers and fact.answer == Answer.YES:
            raise_alert(
                patient_id,
                kind="suicidality",
                says=ScreeningStatement.YES_TO(question=calling[name]),
                owner_membership_id=by.membership_id,
                cause=("fact", fact.id),
                by=by,
                at=at,
            )


@transaction.atomic
def decide(
    patient_id: uuid.UUID,
    *,
    pack_version_id: uuid.UUID,
    outcome: str,
    reason: str,
    typed_name: str,
    by: Actor,
    at: datetime,
) -> Decision:
    """A prescriber decides and signs, on the facts, findings and pack of this moment."""
    patient = Patient.objects.select_for_update(no_key=True).get(id=patient_id)
    version = PackVersion.objects.filter(id=pack_version_id).first()
    if version is None:
        raise deciding.no_such_pack()
    pack, signed = protocols.pack_of(version), protocols.signed_rows(version)
    known = queries.facts_of(patient, at=at)
    assessment = rules.assess(known, pack=pack, signed=signed)
    now = deciding.objections_to_deciding_now(assessment, is_prescriber=by.role == Role.PRESCRIBER)
    refuse_if([*now, *deciding.objections_to_deciding(outcome, reason=reason, assessment=assessment)])
    key, content = (
        uuid7(),
        _words(patient, known, pack_name=pack.name, outcome=outcome, reason=reason, assessment=assessment),
    )
    signature = sign(
        content.encode(),
        meaning="I decide on treatment",
        typed_name=typed_name,
        subject=("screening_decision", key),
        by=by,
        at=at,
    )
    decision = Decision.objects.create(
        id=key,
        patient=patient,
        pack_version=version,
        pack_hash=pack.hash,
        facts=known.as_dict(),
        findings=as_data(assessment.findings),
        signed_row_ids=sorted(signed),
        computed=assessment.outcome,
        outcome=outcome,
        reason=reason.strip(),
        needs_second=deciding.needs_second(outcome, assessment),
        valid_until=rules.valid_until(pack, known, numbers=defaults.of(ScreeningNumbers)),
        content=content,
        signature=signature,
        **by.stamp(at),
    )
    _note(ScreeningDecided(outcome=outcome, computed=assessment.outcome), decision, by=by, at=at)
    return decision


def _note(event: DomainEvent, decision: Decision, *, by: Actor, at: datetime) -> None:
    record(
        event,
        by=by,
        at=at,
        patient_id=decision.patient_id,
        subject=("screening_decision", decision.id),
        why=decision.reason,
    )


@transaction.atomic
def second(decision_id: uuid.UUID, *, typed_name: str, by: Actor, at: datetime) -> SecondSignature:
    """A second prescriber agrees with a decision that goes against a finding."""
    decision = queries.one(decision_id)
    if decision is None:
        raise deciding.no_such_decision()
    Patient.objects.select_for_update(no_key=True).get(id=decision.patient_id)
    refuse_if(
        deciding.objections_to_second(
            is_prescriber=by.role == Role.PRESCRIBER,
            needed=decision.needs_second,
            signed=SecondSignature.objects.filter(decision=decision).exists(),
            same=decision.by_id == by.user_id,
        )
    )
    key = uuid7()
    signature = sign(
        decision.content.encode(),
        meaning="I agree with this decision",
        typed_name=typed_name,
        subject=("screening_second", key),
        by=by,
        at=at,
    )
    signed_second = SecondSignature.objects.create(
        id=key, decision=decision, signature=signature, **by.stamp(at)
    )
    _note(ScreeningSeconded(), decision, by=by, at=at)
    return signed_second
