"""What a paired monitor sends and nobody can chart: in sight, with an owner, until somebody has seen it."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.alerts.actions import raise_alert
from openkap.alerts.queries import owner_for
from openkap.audit.actions import record
from openkap.kernel.refusal import refuse_if
from openkap.kernel.statement import Stated
from openkap.watch import rules
from openkap.watch.actions.locking import tell
from openkap.watch.events import PutAsideValueSeen, ValuesPutAside
from openkap.watch.models import Pairing, PutAside, PutAsideSeen
from openkap.watch.statements import WatchAlert

ALERT = "values_not_charted"


@dataclass(frozen=True, slots=True)
class NotCharted:
    """One value, or all of a message: what it is, what was sent, and why it is not charted."""

    what: Stated
    value_text: str
    reason: Stated
    expected: bool


def _key(it: NotCharted, pairing: Pairing) -> str:
    """The same for what is put aside again for the same reason, whatever the numbers it speaks of."""
    scope = pairing.session_id if it.expected else pairing.monitor_id
    told = re.sub(r"\d+", "#", json.dumps([it.what.kept(), it.reason.kept()], sort_keys=True))
    return hashlib.sha256(f"{scope}|{told}".encode()).hexdigest()


def _spoken(what: Stated) -> str:
    """What it is, for the record: the name as sent, or the statement's code."""
    return str(what.params.get("name", what.code))


def put_aside(
    pairing: Pairing, not_charted: Iterable[NotCharted], *, message_id: uuid.UUID, by: Actor, at: datetime
) -> None:
    """Keep the first of each kind in sight, in the caller's transaction; the room hears of it (H31, H34)."""
    by_key = {_key(value, pairing): value for value in not_charted}
    if not by_key:
        return
    known = set(PutAside.objects.filter(key__in=by_key).values_list("key", flat=True))
    new = {key: value for key, value in by_key.items() if key not in known}
    if not new:
        return
    session = pairing.session
    owner = owner_for(session.patient_id, "nurse")
    for key, value in new.items():
        PutAside.objects.create(
            session=session,
            monitor=pairing.monitor,
            what=value.what,
            value_text=value.value_text[:120],
            reason=value.reason,
            expected=value.expected,
            message_id=message_id,
            key=key,
            owner_id=owner,
            **by.stamp(at),
        )
    _raise(pairing, [value for value in new.values() if value.expected], owner=owner, by=by, at=at)
    tell(session)
    record(
        ValuesPutAside(
            what=tuple(sorted({_spoken(value.what) for value in new.values()})),
            monitor=pairing.monitor.name,
        ),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("session", session.id),
    )


def _raise(
    pairing: Pairing, expected: list[NotCharted], *, owner: uuid.UUID | None, by: Actor, at: datetime
) -> None:
    """One alert a session: values the room waits for do not reach it."""
    if not expected:
        return
    first = expected[0]
    raise_alert(
        pairing.session.patient_id,
        kind=ALERT,
        says=WatchAlert.NOT_CHARTED(monitor=pairing.monitor.name, what=first.what, why=first.reason),
        owner_membership_id=owner,
        cause=("session", pairing.session_id),
        by=by,
        at=at,
    )


@transaction.atomic
def see_put_aside(put_aside_id: uuid.UUID, *, by: Actor, at: datetime) -> PutAside:
    """Somebody has seen it and looks after it; its values stay uncharted."""
    put_aside = PutAside.objects.select_related("session").filter(id=put_aside_id).first()
    if put_aside is None:
        raise rules.no_such_value()
    refuse_if(rules.objections_to_seeing(seen=PutAsideSeen.objects.filter(put_aside=put_aside).exists()))
    PutAsideSeen.objects.create(put_aside=put_aside, **by.stamp(at))
    tell(put_aside.session)
    record(
        PutAsideValueSeen(what=_spoken(put_aside.what)),
        by=by,
        at=at,
        patient_id=put_aside.session.patient_id,
        subject=("session", put_aside.session_id),
    )
    return put_aside
