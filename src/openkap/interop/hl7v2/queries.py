"""Reading the journal of devices."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from openkap.interop.hl7v2.archived import day_sent, messages_in
from openkap.interop.hl7v2.models import ArchivedMessages, DeviceMessage
from openkap.interop.hl7v2.reading import iso
from openkap.interop.statements import WaitingStatement
from openkap.watch.models.archived import ARCHIVED_AFTER

A_DAY = timedelta(days=1)  # a sender's day is not the clinic's
NOT_PAIRED = WaitingStatement.NOT_PAIRED.key


def waiting() -> QuerySet[DeviceMessage]:
    """The messages nobody has looked at yet, newest first."""
    rows = DeviceMessage.objects.filter(session__isnull=True, settled__isnull=True)
    return rows.select_related("monitor", "owner__user").order_by("-at", "-id")


def awaited_since(before: datetime) -> list[DeviceMessage]:
    """The messages that wait from before this moment, without those of monitors paired with nobody."""
    rows = waiting().filter(at__lte=before).exclude(reason__code=NOT_PAIRED)
    return list(rows.defer("content", "reading"))


def journal(*, newest: int = 1000) -> list[DeviceMessage]:
    """The last messages, newest last; also those of sessions long closed, which are archived."""
    rows = list(DeviceMessage.objects.order_by("-at", "-id")[:newest])
    for one in ArchivedMessages.objects.order_by("-last_at", "-id").iterator(chunk_size=1):
        if len(rows) >= newest and one.last_at < rows[newest - 1].at:
            break
        rows += in_archive(one)
        rows = sorted(rows, key=lambda message: (message.at, message.id), reverse=True)[:newest]
    return rows[::-1]


def in_archive(archive: ArchivedMessages) -> list[DeviceMessage]:
    """The messages of an archive as they were rows, oldest first."""
    whose = {"clinic_id": archive.clinic_id, "session_id": archive.session_id}
    each = zip(archive.ids, archive.hashes, messages_in(bytes(archive.body)), strict=True)
    return [
        DeviceMessage(**whose, id=key, content_hash=bytes(named), **fields) for key, named, fields in each
    ]


def known(contents: Collection[bytes], *, at: datetime) -> set[bytes]:
    """Which of these messages came before, byte for byte.

    Among archived ones only what says it was sent long ago, or says no day, is looked for: a message whose
    clock was off belongs to no session, and is never archived.
    """
    by_hash = {hashlib.sha256(content).digest(): content for content in contents}
    rows = DeviceMessage.objects.filter(content_hash__in=list(by_hash))
    there = {bytes(each) for each in rows.values_list("content_hash", flat=True)}
    archived_until = f"{at - ARCHIVED_AFTER + A_DAY:%Y%m%d}"
    days = {day_sent(content) for content in contents}
    old = [day for day in days if day <= archived_until or not day.isdecimal()]
    if old:
        archives = list(ArchivedMessages.objects.filter(days__overlap=old).values_list("id", flat=True))
        for hashes in ArchivedMessages.objects.filter(id__in=archives).values_list("hashes", flat=True):
            there |= {bytes(each) for each in hashes} & by_hash.keys()
    return {by_hash[key] for key in there}


def as_json(message: DeviceMessage) -> dict[str, Any]:
    """One message in the stable shape others build on."""
    return {
        "control_id": message.control_id,
        "received_at": iso(message.at),
        "ack": message.ack,
        "patient": message.patient_named or None,
        "location": message.location or None,
        "session": str(message.session_id) if message.session_id else None,
        **message.reading,
        "demo": message.demo,
    }
