"""A person says which it was: a grave value is true or the sensor's, a complaint has passed (H11, H08)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts.actor import Actor
from openkap.audit.actions import record
from openkap.kernel.refusal import refuse_if
from openkap.watch import facts, rules
from openkap.watch.actions.answering import answer_mark, locked_mark
from openkap.watch.actions.locking import tell
from openkap.watch.actions.marking import close_baseless, reevaluate
from openkap.watch.causes import CONFIRMED, LOOK_NOW
from openkap.watch.events import MarkSettled
from openkap.watch.levels import Level
from openkap.watch.models import Mark, Session, VitalSettled
from openkap.watch.statements import ActionStatement, ClosingStatement, MarkStatement


@transaction.atomic
def settle_mark(
    mark_id: uuid.UUID, *, action: str, by: Actor, at: datetime, is_true: bool | None = None
) -> Mark:
    """End a mark that only a person can end.

    `is_true` is asked of values that were not confirmed: True charts them and asks to stop and call for help;
    False leaves them uncharted, and leaves the signal in peace for a few minutes. A complaint has passed.
    """
    mark, session = locked_mark(mark_id)
    refuse_if(
        rules.objections_to_settling(
            settles=mark.settles,
            closed=mark.closed_at is not None,
            asks_which=mark.cause == LOOK_NOW,
            is_true=is_true,
            action=action,
            is_person=by.is_person,
        )
    )
    answer_mark(mark, action=action, by=by, at=at)
    mark.closed_at = at
    mark.save(update_fields=["closed_at"])
    if mark.cause == LOOK_NOW:
        _say_which(mark, session, is_true=bool(is_true), by=by, at=at)
    reevaluate(session, by=by, at=at)
    tell(session)
    record(
        MarkSettled(flag=mark.flag, is_true=is_true, action=mark.action_taken),
        by=by,
        at=at,
        patient_id=session.patient_id,
        subject=("mark", mark.id),
    )
    return mark


def _say_which(mark: Mark, session: Session, *, is_true: bool, by: Actor, at: datetime) -> None:
    """Settle every value of the mark, and those that came since."""
    for row in facts.unconfirmed(session, at=at):
        VitalSettled.objects.create(vital=row, is_true=is_true, **by.stamp(at))
    if is_true:
        _confirm(mark, session, by=by, at=at)
    else:
        close_baseless(session, because=ClosingStatement.SENSOR(), at=at)


def _confirm(mark: Mark, session: Session, *, by: Actor, at: datetime) -> None:
    if session.marks.filter(cause=CONFIRMED, closed_at__isnull=True).exists():
        return
    Mark.objects.create(
        session=session,
        flag=mark.flag,
        cause=CONFIRMED,
        level=Level.STOP,
        says=MarkStatement.CONFIRMED(values=mark.says.params["values"]),
        action=ActionStatement.STOP_AND_CALL(),
        rule=mark.rule,
        status=mark.status,
        confirmed=mark.confirmed,
        source=mark.source,
        about=mark.about,
        settles="person",
        recheck_minutes=mark.recheck_minutes,
        **by.stamp(at),
    )
