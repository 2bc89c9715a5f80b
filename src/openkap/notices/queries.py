"""Reading what goes out."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import QuerySet

from openkap.notices import unscoped
from openkap.notices.models import Notice, NoticeState
from openkap.tenancy.clinics import clinics_by


def was_tried() -> bool:
    """Whether any message has gone out from this clinic."""
    return Notice.objects.filter(state=NoticeState.SENT).exists()


def waiting() -> QuerySet[Notice]:
    """What has not gone out, and what could not: oldest first."""
    rows = Notice.objects.filter(state__in=(NoticeState.QUEUED, NoticeState.FAILED))
    return rows.select_related("owner__user", "patient").order_by("-state", "at", "id")


def sent() -> QuerySet[Notice]:
    """What went out, the last first."""
    rows = Notice.objects.filter(state=NoticeState.SENT).select_related("owner__user", "patient")
    return rows.order_by("-sent_at", "-id")


def failed_of(membership_id: uuid.UUID) -> list[Notice]:
    """What could not be sent and waits for its owner."""
    rows = Notice.objects.filter(owner_id=membership_id, state=NoticeState.FAILED)
    return list(rows.select_related("patient").order_by("at"))


def due(at: datetime) -> list[uuid.UUID]:
    """What is to be tried now."""
    rows = Notice.objects.filter(state=NoticeState.QUEUED, next_try_at__lte=at).order_by("next_try_at")
    return list(rows.values_list("id", flat=True)[:200])


def clinics_due(moment: datetime) -> list[uuid.UUID]:
    """The clinics in which a message is to be tried now."""
    return clinics_by(unscoped.DUE.name, moment)
