"""Signing the cover: opening hours, who is on call, the clinic's own crisis lines."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership
from openkap.accounts.roles import CLINICAL
from openkap.alerts import cover
from openkap.alerts.events import CoverSigned
from openkap.alerts.models import Cover, OnCall
from openkap.audit.actions import record
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import refuse_if


@dataclass(frozen=True, slots=True)
class NewCover:
    """What is about to be signed. `on_call` holds memberships in their order, each with its address or “”."""

    by_day: Mapping[str, tuple[time | None, time | None]]
    closed_on: Sequence[date]
    on_call: Sequence[tuple[uuid.UUID, str]]
    pace: cover.Pace
    lines: Sequence[Mapping[str, object]]


@transaction.atomic
def sign_cover(new: NewCover, *, typed_name: str, by: Actor, at: datetime) -> Cover:
    """Put a cover in force, whole and signed; the one before stays to be read."""
    members = Membership.objects.select_related("user").in_bulk([person for person, _ in new.on_call])
    addresses = {person: to or members[person].user.email for person, to in new.on_call if person in members}
    candidates = [
        _candidate(members.get(person), addresses.get(person, ""), person=person) for person, _ in new.on_call
    ]
    draft = cover.CoverDraft(new.by_day, candidates, new.pace, new.lines)
    refuse_if(cover.objections_to_cover(draft, clinical_roles=CLINICAL))
    kept, key = _columns(new), uuid7()
    signature = sign(
        json.dumps({**kept, "on_call": [[str(it), addresses[it]] for it, _ in new.on_call]}).encode(),
        meaning="Opening hours, people on call and crisis lines",
        typed_name=typed_name,
        subject=("cover", key),
        by=by,
        at=at,
    )
    made = Cover.objects.create(id=key, signature=signature, **kept, **by.stamp(at))
    for place, (person, _) in enumerate(new.on_call, start=1):
        OnCall.objects.create(
            cover=made, membership_id=person, place=place, to_email=addresses[person], **by.stamp(at)
        )
    people = [person for person, _ in new.on_call]
    record(CoverSigned(on_call=tuple(people)), by=by, at=at, subject=("cover", key))
    return made


def _columns(new: NewCover) -> dict[str, Any]:
    """The cover as its row keeps it."""
    hours = {
        day: [start.isoformat("minutes"), end.isoformat("minutes")]
        for day, (start, end) in new.by_day.items()
        if start is not None and end is not None
    }
    return {
        "hours": hours,
        "closed_on": [day.isoformat() for day in sorted(new.closed_on)],
        "every_minutes": int(new.pace.every.total_seconds() // 60),
        "each": new.pace.each,
        "lines": [dict(line) for line in new.lines],
    }


def _candidate(member: Membership | None, email: str, *, person: uuid.UUID) -> cover.CoverCandidate:
    if member is None:
        return cover.CoverCandidate(person, "", is_here=False, email=email)
    return cover.CoverCandidate(member.id, member.role, is_here=member.ended_at is None, email=email)
