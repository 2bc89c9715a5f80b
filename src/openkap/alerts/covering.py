"""Reading the cover: who is on call, whether somebody is here, what a patient may be told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from openkap.accounts.roles import CLINICAL
from openkap.alerts import cover, crisis
from openkap.alerts.models import Cover, OnCall, Step, StepKind
from openkap.alerts.numbers import AlertNumbers
from openkap.defaults import queries as defaults
from openkap.notices.models import NoticeState
from openkap.tenancy.asked import asked_once
from openkap.tenancy.models import Clinic


@asked_once
def in_force() -> Cover | None:
    """The cover signed last."""
    return Cover.objects.select_related("signature").order_by("-at", "-id").first()


def on_call_rows() -> list[OnCall]:
    """The people on call under the cover in force who still work here, in their order."""
    cover = in_force()
    if cover is None:
        return []
    rows = OnCall.objects.filter(
        cover=cover, membership__ended_at__isnull=True, membership__role__in=CLINICAL
    )
    return list(
        rows.filter(membership__user__is_active=True).select_related("membership__user").order_by("place")
    )


def on_call() -> list[uuid.UUID]:
    """Who is on call, in their order."""
    return [row.membership_id for row in on_call_rows()]


def hours_of(clinic: Clinic, signed: Cover | None) -> cover.Hours | None:
    """The opening hours of a cover; None when nobody has written any down."""
    if signed is None or not signed.hours:
        return None
    by_day = {
        day: (time.fromisoformat(start), time.fromisoformat(end))
        for day, (start, end) in signed.hours.items()
    }
    return cover.Hours(clinic.tz, by_day, frozenset(date.fromisoformat(day) for day in signed.closed_on))


def pace_of(signed: Cover | None) -> cover.Pace:
    """How often messages go out under a cover."""
    if signed is None:
        return cover.pace_by(defaults.of(AlertNumbers))
    return cover.Pace(timedelta(minutes=signed.every_minutes), signed.each)


def messages_of(alert_id: uuid.UUID, *, since: datetime, at: datetime) -> list[cover.SentMessage]:
    """The messages that have gone out for an alert since it was last with nobody, oldest first."""
    steps = Step.objects.filter(alert_id=alert_id, kind=StepKind.MESSAGED, at__gte=since)
    patience = timedelta(minutes=defaults.of(AlertNumbers).undelivered_minutes)
    return [
        cover.SentMessage(
            to=step.to_id,
            at=step.at,
            undelivered=step.notice is None
            or step.notice.state == NoticeState.FAILED
            or (step.notice.state == NoticeState.QUEUED and at - step.at >= patience),
        )
        for step in steps.select_related("notice").order_by("at", "id")
        if step.to_id is not None
    ]


@dataclass(frozen=True, slots=True)
class Help:
    """What a person in a crisis is shown: whom to call or text, and what the clinic may promise now."""

    lines: tuple[crisis.CrisisLine, ...]
    clinic_phone: str
    told: cover.Told


def help_of(clinic: Clinic, *, at: datetime) -> Help:
    """What the pages of a patient show now."""
    signed = in_force()
    reached = settings.OPENKAP_MAIL_IS_SET_UP and bool(on_call())
    told = cover.promised(hours_of(clinic, signed), somebody_on_call=reached, at=at)
    lines = crisis.of_country(clinic.profile) + crisis.of_clinic(signed.lines if signed else ())
    return Help(lines=lines, clinic_phone=clinic.phone, told=told)
