"""The clock's work on check-ins: what is planned, sent and alarmed once, and what is left alone."""

from __future__ import annotations

from datetime import timedelta

from openkap.alerts.models import Alert
from openkap.dosing.tests.scene import scene
from openkap.followup import actions, queries, rules
from openkap.followup.models import CheckIn
from openkap.followup.rules import CheckInState
from openkap.kernel.ids import uuid7
from openkap.notices.models import Notice
from tests.cast import NOW, Cast


def _first(cast: Cast) -> CheckIn:
    keys = {"patient_id": cast.amara.id, "course_id": uuid7(), "session_id": uuid7()}
    return actions.plan(**keys, left_at=NOW, by=cast.sam, at=NOW)[0]


def test_a_link_goes_out_once_and_silence_is_alarmed_when_it_is_late(cast: Cast) -> None:
    check_in, by = _first(cast), {"by": cast.sam}
    actions.send(check_in.id, **by, at=NOW)
    assert not Notice.objects.filter(kind="check_in_link").exists()
    for _ in range(2):
        actions.send(check_in.id, **by, at=check_in.due_at)
    assert Notice.objects.filter(kind="check_in_link").count() == 1
    actions.alarm_silence(check_in.id, **by, at=check_in.due_at)
    assert not Alert.objects.exists()
    for _ in range(2):
        actions.alarm_silence(check_in.id, **by, at=check_in.late_at + timedelta(minutes=1))
    assert Alert.objects.filter(kind="silence").count() == 1


def test_a_notice_that_belongs_to_no_check_in_calls_nobody(cast: Cast) -> None:
    actions.link_failed(uuid7(), by=cast.sam, at=NOW)
    assert not Alert.objects.exists()


def test_the_clock_plans_the_check_ins_of_a_session(cast: Cast) -> None:
    here = scene(cast)
    actions.do(queries.ToDo("plan", here.session.id), by=cast.sam, at=here.later(200))
    assert CheckIn.objects.filter(session_id=here.session.id).count() == 4


def test_what_was_called_off_is_neither_open_nor_overdue() -> None:
    state = rules.state(due_at=NOW, late_at=NOW, answered=False, called_off=True, now=NOW)
    assert state is CheckInState.CALLED_OFF
