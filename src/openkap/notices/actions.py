"""The writers of notices."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.kernel.event import DomainEvent
from openkap.kernel.refusal import refuse_if
from openkap.notices import channels, queries, rules
from openkap.notices.channels import Address, NotSetUp
from openkap.notices.events import NoticeFailed, NoticeQueued, NoticeSent, NoticeTriedAgain, NoticeWithdrawn
from openkap.notices.models import Notice, NoticeState
from openkap.tenancy.models import Clinic


@transaction.atomic
def queue(
    *,
    kind: str,
    to: Address,
    link_path: str,
    owner_membership_id: uuid.UUID | None,
    by: Actor,
    at: datetime,
    patient_id: uuid.UUID | None = None,
    delivery_id: uuid.UUID | None = None,
) -> Notice:
    """Put a message on its way, in the caller's own transaction; it has an owner from the start (H34)."""
    refuse_if(rules.objections_to_queueing(has_owner=owner_membership_id is not None))
    assert owner_membership_id is not None
    notice = Notice.objects.create(
        kind=kind,
        patient_id=patient_id,
        owner_id=owner_membership_id,
        channel=to.channel,
        address=to.value,
        link_path=link_path,
        delivery_id=delivery_id,
        next_try_at=at,
        **by.stamp(at),
    )
    _note(NoticeQueued(kind=kind, tries=0), notice, by=by, at=at)
    return notice


def _note(event: DomainEvent, notice: Notice, *, by: Actor, at: datetime, why: str = "") -> None:
    record(
        event,
        by=by,
        at=at,
        patient_id=notice.patient_id,
        subject=("notice", notice.id),
        why=why,
    )


@transaction.atomic
def send(notice_id: uuid.UUID, *, by: Actor, at: datetime) -> Notice:
    """Try to send one notice now; what fails for good stays with its owner, in sight."""
    notice = Notice.objects.select_for_update().get(id=notice_id)
    if notice.state != NoticeState.QUEUED:
        return notice
    notice.tries += 1
    try:
        _deliver(notice)
    except NotSetUp as error:  # waiting would not help: it is with its owner at once
        notice.state, notice.last_error = NoticeState.FAILED, str(error)
    except (OSError, ValueError) as error:  # also an address no mail server can take
        notice.last_error = str(error)[:200] or type(error).__name__
        notice.next_try_at = at + rules.wait_before(notice.tries)
        if rules.has_failed(notice.tries):
            notice.state = NoticeState.FAILED
    else:
        notice.state, notice.sent_at, notice.last_error = NoticeState.SENT, at, ""
    notice.save()
    if notice.state != NoticeState.QUEUED:
        event = NoticeSent if notice.state == NoticeState.SENT else NoticeFailed
        tried = event(kind=notice.kind, tries=notice.tries)
        _note(tried, notice, by=by, at=at, why=notice.last_error)
    return notice


def _deliver(notice: Notice) -> None:
    """Hand a notice to its channel. Only what this returns from is sent."""
    clinic = Clinic.objects.get(id=notice.clinic_id)
    link = f"{settings.OPENKAP_SITE_URL}{notice.link_path}" if notice.link_path else ""
    subject, text = rules.subject_and_text(notice.kind, clinic=clinic.name, link=link)
    channels.named(notice.channel).deliver(notice.address, subject=subject, text=text)


def send_due(*, by: Actor, at: datetime) -> int:
    """Try everything that is due, each in a transaction of its own; returns how many were tried."""
    due = queries.due(at)
    for notice_id in due:
        send(notice_id, by=by, at=at)
    return len(due)


@transaction.atomic
def try_again(notice_id: uuid.UUID, *, by: Actor, at: datetime) -> Notice:
    """Put a notice that could not be sent on its way again."""
    notice = Notice.objects.select_for_update().get(id=notice_id)
    refuse_if(rules.objections_to_trying_again(failed=notice.state == NoticeState.FAILED))
    notice.state, notice.tries, notice.next_try_at = NoticeState.QUEUED, 0, at
    notice.save(update_fields=["state", "tries", "next_try_at"])
    _note(NoticeTriedAgain(kind=notice.kind, tries=notice.tries), notice, by=by, at=at)
    return notice


@transaction.atomic
def withdraw(notice_id: uuid.UUID, *, why: str, by: Actor, at: datetime) -> Notice:
    """Take a notice back before it goes out."""
    notice = Notice.objects.select_for_update().get(id=notice_id)
    waits = notice.state in (NoticeState.QUEUED, NoticeState.FAILED)
    refuse_if(rules.objections_to_withdrawing(waits=waits, why=why))
    notice.state = NoticeState.WITHDRAWN
    notice.save(update_fields=["state"])
    _note(NoticeWithdrawn(kind=notice.kind, tries=notice.tries), notice, by=by, at=at, why=why)
    return notice
