"""The message that leaves the building when nobody is here to see an alert. It has no clinical content."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.accounts.roles import Role
from openkap.alerts import cover, covering, queries
from openkap.alerts.events import AlertMessaged
from openkap.alerts.models import Alert, Step, StepKind
from openkap.audit.actions import record
from openkap.notices import actions as notices_actions
from openkap.notices.channels import email_to
from openkap.people import actions as people_actions
from openkap.tenancy.models import Clinic

NOT_SENT = ("nobody_on_call", "no_mail_system")  # they say that nobody can be sent a message


def must_leave(alert: Alert, *, at: datetime) -> bool:
    """Whether this alert calls for a message: nobody is here to see it, or nobody has."""
    clinic = Clinic.objects.get(id=alert.clinic_id)
    return alert.kind not in NOT_SENT and cover.calls_for_a_message(
        severity=alert.severity,
        acknowledged=alert.acknowledged_at is not None,
        escalations=alert.escalations,
        is_open=alert.answered_at is None,
        hours=covering.hours_of(clinic, covering.in_force()),
        at=at,
    )


def message_on_call(alert: Alert, *, by: Actor, at: datetime) -> Step | None:
    """Send the next message for an alert, if it is time; the person it goes to may open the record from then.

    With nobody on call it goes to those who may have to answer, in their order. Without a mail system nothing
    can go out, and that is an alert of its own.
    """
    if not settings.OPENKAP_MAIL_IS_SET_UP or not must_leave(alert, at=at):
        return None
    known = {row.membership_id: row.to_email for row in covering.on_call_rows()}
    order = [*known] or queries.chain(alert.patient_id)
    sent = covering.messages_of(alert.id, since=alert.at, at=at)
    to = cover.next_message(order, sent, pace=covering.pace_of(covering.in_force()), at=at)
    if to is None:
        return None
    member = Membership.objects.select_related("user").get(id=to)
    if alert.patient_id is not None and member.role != Role.COORDINATOR:
        people_actions.let_in(alert.patient_id, membership_id=to, cause=("alert", alert.id), by=by, at=at)
    notice = notices_actions.queue(
        kind="alert_waiting",
        to=email_to(known.get(to) or member.user.email),
        link_path="/alerts/",
        owner_membership_id=to,
        by=by,
        at=at,
    )
    step = Step.objects.create(alert=alert, kind=StepKind.MESSAGED, to_id=to, notice=notice, **by.stamp(at))
    record(
        AlertMessaged(to_id=to, number=len(sent) + 1),
        by=by,
        at=at,
        patient_id=alert.patient_id,
        subject=("alert", alert.id),
    )
    return step
