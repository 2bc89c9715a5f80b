"""Raising an alert, passing it on, and answering it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.accounts.roles import Role
from openkap.alerts import covering, queries, rules
from openkap.alerts.actions.messaging import message_on_call, must_leave
from openkap.alerts.events import (
    AlertAcknowledged,
    AlertAnswered,
    AlertHandedOver,
    AlertRaised,
    AlertsEscalated,
)
from openkap.alerts.models import Alert, Severity, Step, StepKind
from openkap.alerts.numbers import AlertNumbers
from openkap.alerts.statements import AlertStatement
from openkap.audit.actions import record
from openkap.defaults import queries as defaults
from openkap.kernel.refusal import refuse_if
from openkap.kernel.statement import Stated
from openkap.people import actions as people_actions
from openkap.people import queries as people_queries
from openkap.tenancy.locks import lock_numbers
from openkap.tenancy.notifications import publish

_log = logging.getLogger(__name__)


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
    publish("alerts", clinic_id=alert.clinic_id, about=alert.id)


def _locked(alert_id: uuid.UUID) -> Alert:
    alert = Alert.objects.select_for_update().filter(id=alert_id).first()
    if alert is None:
        raise rules.no_such_alert()
    return alert


@transaction.atomic
def raise_alert(
    patient_id: uuid.UUID | None,
    *,
    kind: str,
    says: Stated,
    owner_membership_id: uuid.UUID | None,
    cause: tuple[str, uuid.UUID],
    by: Actor,
    at: datetime,
    severity: str = "urgent",
) -> Alert:
    """Raise an alert with an owner, in the caller's own transaction; one cause raises one alert of a kind.

    An owner who is missing, gone, or may not open the record is replaced by the first person of the chain: no
    alert is ever unowned (H34). When nobody is here to see it, a message goes out in the same commit (H12).
    """
    lock_numbers(f"alerts:{kind}:{cause[0]}:{cause[1]}")
    earlier = Alert.objects.filter(kind=kind, cause_kind=cause[0], cause_id=cause[1]).first()
    if earlier is not None:
        return earlier
    order = queries.chain(patient_id)
    owner = owner_membership_id if owner_membership_id in order else next(iter(order), None)
    if owner is None:
        raise rules.nobody_answers()
    state = rules.raised(severity=severity, owner=owner, numbers=defaults.of(AlertNumbers), at=at)
    alert = Alert.objects.create(
        patient_id=patient_id,
        kind=kind,
        severity=severity,
        says=says,
        cause_kind=cause[0],
        cause_id=cause[1],
        owner_id=owner,
        due_at=state.due_at,
        **by.stamp(at),
    )
    _let_in(alert, by=by, at=at)
    publish("alerts", clinic_id=by.clinic_id, about=alert.id)
    record(
        AlertRaised(kind=kind, severity=severity, owner_id=owner, cause_kind=cause[0], cause_id=cause[1]),
        by=by,
        at=at,
        patient_id=patient_id,
        subject=("alert", alert.id),
    )
    message_on_call(alert, by=Actor.system(by.clinic_id, "The clock"), at=at)
    return alert


def _let_in(alert: Alert, *, by: Actor, at: datetime) -> None:
    """Let the owner open the record: an alert is never with somebody who may not look at what it is about."""
    if alert.patient_id is not None:
        role = Membership.objects.values_list("role", flat=True).get(id=alert.owner_id)
        if role != Role.COORDINATOR:
            cause = ("alert", alert.id)
            people_actions.let_in(alert.patient_id, membership_id=alert.owner_id, cause=cause, by=by, at=at)


@transaction.atomic
def acknowledge(alert_id: uuid.UUID, *, by: Actor, at: datetime) -> Alert:
    """Somebody has seen it and is on it: its owner, or another who may answer and takes it."""
    alert = _locked(alert_id)
    may_take = by.membership_id in queries.chain(alert.patient_id)
    refuse_if(rules.objections_to_acknowledging(_state(alert), by=by.membership_id, may_take=may_take))
    assert by.membership_id is not None  # nobody else is the owner or in the chain
    Step.objects.create(alert=alert, kind=StepKind.ACKNOWLEDGED, to_id=by.membership_id, **by.stamp(at))
    _keep(alert, rules.taken(_state(alert), by=by.membership_id, numbers=defaults.of(AlertNumbers), at=at))
    _let_in(alert, by=by, at=at)
    record(AlertAcknowledged(), by=by, at=at, patient_id=alert.patient_id, subject=("alert", alert.id))
    return alert


@transaction.atomic
def hand_over(
    alert_id: uuid.UUID, *, to_membership_id: uuid.UUID, why: str, by: Actor, at: datetime
) -> Alert:
    """Give an alert to another person, or take it over oneself."""
    alert = _locked(alert_id)
    may_answer = to_membership_id in queries.chain(alert.patient_id)
    refuse_if(
        rules.objections_to_handing_over(_state(alert), to=to_membership_id, why=why, may_answer=may_answer)
    )
    Step.objects.create(
        alert=alert, kind=StepKind.HANDED_OVER, to_id=to_membership_id, note=why.strip()[:500], **by.stamp(at)
    )
    _keep(
        alert, rules.handed_over(_state(alert), to=to_membership_id, numbers=defaults.of(AlertNumbers), at=at)
    )
    _let_in(alert, by=by, at=at)
    record(
        AlertHandedOver(to_id=to_membership_id),
        by=by,
        at=at,
        patient_id=alert.patient_id,
        subject=("alert", alert.id),
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
        AlertAnswered(outcome=outcome),
        by=by,
        at=at,
        patient_id=alert.patient_id,
        subject=("alert", alert.id),
    )
    return alert


@transaction.atomic
def escalate_overdue(*, by: Actor, at: datetime) -> int:
    """Pass on every alert that is overdue, or whose owner may no longer answer it; returns how many."""
    rows = Alert.objects.select_for_update(skip_locked=True).filter(answered_at__isnull=True)
    moved, numbers = [], defaults.of(AlertNumbers)
    for alert in rows.order_by("due_at"):
        order = queries.chain(alert.patient_id)
        if not order or not (rules.is_overdue(_state(alert), at=at) or alert.owner_id not in order):
            continue
        after = rules.escalated(_state(alert), chain=order, numbers=numbers, at=at)
        Step.objects.create(alert=alert, kind=StepKind.ESCALATED, to_id=after.owner, **by.stamp(at))
        _keep(alert, after)
        _let_in(alert, by=by, at=at)
        moved.append({"alert": alert.id, "to": after.owner})
    if moved:
        record(AlertsEscalated(moved=tuple(moved)), by=by, at=at)
    return len(moved)


def sweep(*, by: Actor, at: datetime) -> None:
    """What the clock does every minute: pass on, send messages, and end what being on call has opened.

    Each step stands alone: one that fails is logged, tried again in the next round, and holds up no other.
    """
    _alone(escalate_overdue, by=by, at=at)
    waiting = Alert.objects.filter(answered_at__isnull=True, acknowledged_at__isnull=True)
    for alert_id in list(waiting.order_by("due_at").values_list("id", flat=True)):
        _alone(_message, alert_id, by=by, at=at)
    _alone(_raise_for_nobody, by=by, at=at)
    _alone(_end_visits, by=by, at=at)


def _alone(step: Callable[..., object], *ids: uuid.UUID, by: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            step(*ids, by=by, at=at)
    except Exception:  # noqa: BLE001 - whatever it is, it holds up no other step
        _log.exception("A step of the alerts' clock failed: %s", step.__name__)


def _message(alert_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    rows = Alert.objects.select_for_update(skip_locked=True)
    alert = rows.filter(id=alert_id, answered_at__isnull=True, acknowledged_at__isnull=True).first()
    if alert is not None:
        message_on_call(alert, by=by, at=at)


def _raise_for_nobody(*, by: Actor, at: datetime) -> None:
    """Nobody on call is itself an alert: for each cover without anybody, and for each alert that waits so.

    So is it that no message can leave, as no mail system is set up. A clinic where nobody has come in yet
    has nobody to tell.
    """
    if not queries.chain(None):
        return
    if not settings.OPENKAP_MAIL_IS_SET_UP:
        raise_alert(
            None,
            kind="no_mail_system",
            says=AlertStatement.NO_MAIL_SYSTEM(),
            owner_membership_id=None,
            cause=("clinic", by.clinic_id),
            severity="soon",
            by=by,
            at=at,
        )
    if covering.on_call():
        return
    cover = covering.in_force()
    causes = [("cover", cover.id) if cover else ("clinic", by.clinic_id)]
    waiting = Alert.objects.filter(answered_at__isnull=True, severity=Severity.URGENT, patient__isnull=False)
    causes += [("alert", alert.id) for alert in waiting if must_leave(alert, at=at)]
    for cause in causes:
        raise_alert(
            None,
            kind="nobody_on_call",
            says=AlertStatement.NOBODY_ON_CALL(),
            owner_membership_id=None,
            cause=cause,
            severity="urgent" if cause[0] == "alert" else "soon",
            by=by,
            at=at,
        )


def _end_visits(*, by: Actor, at: datetime) -> None:
    """Whoever was let in for an alert leaves the care team some time after the last of them was answered."""
    stays = timedelta(hours=defaults.of(AlertNumbers).record_open_hours)
    for member in people_queries.let_in_for("alert"):
        rows = Alert.objects.filter(patient_id=member.patient_id)
        still_open = rows.filter(answered_at__isnull=True).exists()
        last = rows.order_by("-answered_at").values_list("answered_at", flat=True).first()
        if not still_open and last is not None and at - last >= stays:
            people_actions.leave_care_team(
                member.patient_id, membership_id=member.membership_id, by=by, at=at
            )
