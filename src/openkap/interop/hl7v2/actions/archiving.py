"""Archiving the messages of a session a month after it closed, and deleting them when the clinic says so."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.defaults import queries as defaults
from openkap.interop.events import MessagesArchived, MessagesLetGo
from openkap.interop.hl7v2.archived import FIELDS, body_of, day_sent, messages_in
from openkap.interop.hl7v2.models import ArchivedMessages, DeviceMessage
from openkap.interop.numbers import InteropNumbers
from openkap.watch.actions.archiving import held_long_closed

TOGETHER = 4_000  # messages in one body: about an hour of one monitor


class NotWhole(Exception):
    """A body does not give back what went into it. Nothing is let go."""


@transaction.atomic
def archive_messages(session_id: uuid.UUID, *, by: Actor, at: datetime) -> int:
    """Archive the messages of a session that closed a month ago or more; returns how many."""
    session = held_long_closed(session_id, at=at)
    if session is None:
        return 0
    rows = DeviceMessage.objects.filter(session=session, reason__isnull=True, owner__isnull=True)
    keys = list(rows.order_by("at", "id").values_list("id", flat=True))
    for start in range(0, len(keys), TOGETHER):
        _archive(session.id, keys[start : start + TOGETHER])
    if keys:
        event = MessagesArchived(messages=len(keys))
        record(event, by=by, at=at, patient_id=session.patient_id, subject=("session", session.id))
    return len(keys)


def _archive(session_id: uuid.UUID, keys: Sequence[uuid.UUID]) -> None:
    rows = DeviceMessage.objects.filter(id__in=keys)
    kept = list(rows.order_by("at", "id").values("id", "content_hash", *FIELDS))
    ids, hashes = [one.pop("id") for one in kept], [bytes(one.pop("content_hash")) for one in kept]
    messages = [{**one, "content": bytes(one["content"])} for one in kept]
    body = body_of(messages)
    back = messages_in(body)
    if back != messages or [hashlib.sha256(one["content"]).digest() for one in back] != hashes:
        raise NotWhole(f"The messages of session {session_id} would not be whole.")
    ArchivedMessages.objects.create(
        session_id=session_id,
        clinic_id=rows.values_list("clinic_id", flat=True)[0],
        first_at=messages[0]["at"],
        last_at=messages[-1]["at"],
        days=sorted({day_sent(message["content"]) for message in messages}),
        ids=ids,
        hashes=hashes,
        body=body,
    )
    rows.delete()


@transaction.atomic
def let_go(*, by: Actor, at: datetime) -> int:
    """Delete the archived messages that the clinic keeps no longer; their values stay. Returns how many."""
    years = defaults.of(InteropNumbers).message_kept_years
    if not years:
        return 0
    archives = ArchivedMessages.objects.filter(session__closed_at__lt=at - timedelta(days=366 * years))
    old = list(archives.select_for_update().select_related("session"))
    ArchivedMessages.objects.filter(id__in=[one.id for one in old]).delete()
    for one in old:
        event = MessagesLetGo(messages=len(one.ids), kept_years=years)
        about = ("session", one.session_id)
        record(event, by=by, at=at, patient_id=one.session.patient_id, subject=about)
    return len(old)
