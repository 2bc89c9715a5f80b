"""The writers of alerts."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.alerts import queries, rules
from openkap.alerts.models import Alert, Step, StepKind
from openkap.audit.actions import record
from openkap.kernel.refusal import Objection, Refused, refuse_if
from openkap.tenancy.locks import lock_numbers
from openkap.tenancy.news import publish


def _state(alert: Alert) -> rules.AlertState:
    return rules.AlertState(
        severity=alert.severity,
        owner=alert.owner_id,
        due_at=alert.due_at,
        escalations=alert.escalations,
        acknowledged_at=alert.acknowledged_at,
        answered_at=alert.answered_at,
    )


def _keep(alert: Alert, state: rules.AlertState) -> None:
    alert.owner_id = state.owner
    alert.due_at = state.due_at
    alert.escalations = state.escalations
    alert.acknowledged_at = state.acknowledged_at
    alert.answered_at = state.answered_at
    alert.save(update_fields=["owner", "due_at", "escalations", "acknowledged_at", "answered_at"])
    publish("alerts", clinic_id=alert.clinic_id, alert=alert.id)


def _locked(alert_id: uuid.UUID) -> Alert:
    alert = Alert.objects.select_for_update().filter(id=alert_id).first()
    if alert is None:
        raise Refused(Objection("alert", "There is no such alert here."))
    return alert


@transaction.atomic
def raise_alert(
    patient_id: uuid.UUID | None,
    *,
    kind: str,
    text: str,
    owner_membership_id: uuid.UUID | None,
    cause: tuple[str, uuid.UUID],
    by: Actor,
    at: datetime,
    severity: str = "urgent",
) -> Alert:
    """Raise an alert with an owner, in the caller's own transaction; one cause raises one alert of a kind.

    A missing or departed owner is replaced by the next person of the chain: no alert is ever unowned (H34).
    """
    lock_numbers(f"alerts:{kind}:{cause[0]}:{cause[1]}")
    earlier = Alert.objects.filter(kind=kind, cause_kind=cause[0], cause_id=cause[1]).first()
    if earlier is not None:
        return earlier
    rows = Membership.objects.filter(ended_at__isnull=True)
    here = rows.filter(id=owner_membership_id).first() if owner_membership_id else None
    owner = here.id if here else queries.owner_for(patient_id)
    if owner is None:
        raise Refused(Objection("owner", "Nobody works here who could answer this."))
    state = rules.raised(severity=severity, owner=owner, at=at)
    alert = Alert.objects.create(
        patient_id=patient_id,
        kind=kind,
        severity=severity,
        text=text[:300],
        cause_kind=cause[0],
        cause_id=cause[1],
        owner_id=owner,
        due_at=state.due_at,
        **by.stamp(at),
    )
    publish("alerts", clinic_id=by.clinic_id, alert=alert.id)
    record(
        "alerts.raised",
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("alert", alert.id),
        details={"kind": kind, "severity": severity, "owner": owner, "cause": list(cause)},
    )
    return alert


@transaction.atomic
def acknowledge(alert_id: uuid.UUID, *, by: Actor, at: datetime) -> Alert:
    """The owner has seen it and is on it."""
    alert = _locked(alert_id)
    refuse_if(rules.objections_to_acknowledging(_state(alert), by=by.membership_id))
    Step.objects.create(alert=alert, kind=StepKind.ACKNOWLEDGED, **by.stamp(at))
    _keep(alert, rules.acknowledged(_state(alert), at=at))
    record("alerts.acknowledged", by=by, at=at, patient_id=alert.patient_id, subject=("alert", alert.id))
    return alert


@transaction.atomic
def hand_over(
    alert_id: uuid.UUID, *, to_membership_id: uuid.UUID, why: str, by: Actor, at: datetime
) -> Alert:
    """Give an alert to another person, or take it over oneself."""
    alert = _locked(alert_id)
    found = rules.objections_to_handing_over(_state(alert), to=to_membership_id, why=why)
    if to_membership_id not in queries.chain(alert.patient_id):
        found.append(Objection("to", "That person cannot answer for this patient.", "to"))
    refuse_if(found)
    Step.objects.create(
        alert=alert, kind=StepKind.HANDED_OVER, to_id=to_membership_id, note=why.strip()[:500], **by.stamp(at)
    )
    _keep(alert, rules.handed_over(_state(alert), to=to_membership_id, at=at))
    record(
        "alerts.handed_over",
        by=by,
        at=at,
        patient_id=alert.patient_id,
        subject=("alert", alert.id),
        details={"to": to_membership_id},
        why=why,
    )
    return alert


@transaction.atomic
def answer(alert_id: uuid.UUID, *, outcome: str, note: str, by: Actor, at: datetime) -> Alert:
    """Close an alert with what was done and what came of it."""
    alert = _locked(alert_id)
    refuse_if(rules.objections_to_answering(_state(alert), by=by.membership_id, outcome=outcome, note=note))
    Step.objects.create(
        alert=alert, kind=StepKind.ANSWERED, outcome=outcome, note=note.strip()[:500], **by.stamp(at)
    )
    _keep(alert, rules.answered(_state(alert), at=at))
    record(
        "alerts.answered",
        by=by,
        at=at,
        patient_id=alert.patient_id,
        subject=("alert", alert.id),
        details={"outcome": outcome},
    )
    return alert


@transaction.atomic
def escalate_overdue(*, by: Actor, at: datetime) -> int:
    """Pass every overdue alert of the clinic to the next person; returns how many."""
    rows = Alert.objects.select_for_update(skip_locked=True)
    overdue = list(rows.filter(answered_at__isnull=True, due_at__lte=at).order_by("due_at"))
    moved = []
    for alert in overdue:
        after = rules.escalated(_state(alert), chain=queries.chain(alert.patient_id), at=at)
        Step.objects.create(alert=alert, kind=StepKind.ESCALATED, to_id=after.owner, **by.stamp(at))
        _keep(alert, after)
        moved.append({"alert": alert.id, "to": after.owner})
    if moved:
        record("alerts.escalated", by=by, at=at, details={"moved": moved})
    return len(moved)
