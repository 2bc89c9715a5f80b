"""Reading the journal of devices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from openkap.interop.hl7v2.models import DeviceMessage
from openkap.interop.hl7v2.reading import iso
from openkap.interop.statements import WaitingStatement

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
    """The last messages, newest last."""
    return list(DeviceMessage.objects.order_by("-at", "-id")[:newest])[::-1]


def as_json(row: DeviceMessage) -> dict[str, Any]:
    """One message in the stable shape others build on."""
    return {
        "control_id": row.control_id,
        "received_at": iso(row.at),
        "ack": row.ack,
        "patient": row.patient_named or None,
        "location": row.location or None,
        "session": str(row.session_id) if row.session_id else None,
        **row.reading,
        "demo": row.demo,
    }
