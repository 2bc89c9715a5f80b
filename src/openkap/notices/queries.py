"""Reading what goes out."""

from __future__ import annotations

import uuid
from datetime import datetime

from openkap.notices.models import Notice, State


def waiting() -> list[Notice]:
    """What has not gone out, and what could not: oldest first."""
    rows = Notice.objects.filter(state__in=(State.QUEUED, State.FAILED))
    return list(rows.select_related("owner__user", "patient").order_by("-state", "at")[:200])


def sent_lately() -> list[Notice]:
    """What went out last."""
    rows = Notice.objects.filter(state=State.SENT).select_related("owner__user", "patient")
    return list(rows.order_by("-sent_at")[:50])


def failed_of(membership_id: uuid.UUID) -> list[Notice]:
    """What could not be sent and waits for its owner."""
    rows = Notice.objects.filter(owner_id=membership_id, state=State.FAILED)
    return list(rows.select_related("patient").order_by("at"))


def due(at: datetime) -> list[uuid.UUID]:
    """What is to be tried now."""
    rows = Notice.objects.filter(state=State.QUEUED, next_try_at__lte=at).order_by("next_try_at")
    return list(rows.values_list("id", flat=True)[:200])
