"""Alerts in the record: owned from the first moment, escalated by the clock, answered by a person."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from openkap.accounts.actor import Actor
from openkap.alerts import actions, queries
from openkap.alerts.actions import answering
from openkap.alerts.models import Alert, Step
from openkap.kernel.ids import uuid7
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast
from tests.statements import StatementInATest


def _raise(cast: Cast, *, owner=None, cause=None) -> Alert:
    return actions.raise_alert(
        cast.amara.id,
        kind="suicide_item",
        says=StatementInATest.WORDS(words="Item 9 was answered above “not at all”."),
        owner_membership_id=(owner or cast.okafor).membership_id,
        cause=cause or ("response", uuid7()),
        by=Actor.system(cast.clinic.id),
        at=NOW,
    )


def test_an_alert_is_raised_acknowledged_and_answered_by_its_owner(cast: Cast):
    alert = _raise(cast)
    assert [a.id for a in queries.open_for(cast.okafor)] == [alert.id]
    actions.acknowledge(alert.id, by=cast.okafor, at=NOW)
    actions.answer(alert.id, outcome="spoke", note="Called her; safe tonight.", by=cast.okafor, at=NOW)
    assert queries.open_for(cast.okafor) == []
    assert list(Step.objects.order_by("id").values_list("kind", flat=True)) == ["acknowledged", "answered"]


def test_the_same_cause_raises_one_alert(cast: Cast):
    cause = ("response", uuid7())
    assert _raise(cast, cause=cause).id == _raise(cast, cause=cause).id
    assert Alert.objects.count() == 1


def test_an_alert_whose_owner_has_left_goes_to_the_next_of_the_chain(cast: Cast):
    """H34: zero unowned."""
    alert = actions.raise_alert(
        cast.amara.id,
        kind="x",
        says=StatementInATest.WORDS(words="x"),
        owner_membership_id=None,
        cause=("t", uuid7()),
        by=cast.sam,
        at=NOW,
    )
    assert alert.owner_id in {cast.okafor.membership_id, cast.bello.membership_id}


def test_a_stranger_can_neither_see_nor_answer_it(cast: Cast):
    alert = _raise(cast)
    assert queries.one(cast.eve, alert.id) is None
    with pytest.raises(Refused):
        actions.answer(alert.id, outcome="no_action", note="mine", by=cast.eve, at=NOW)
    with pytest.raises(Refused) as caught:
        actions.hand_over(alert.id, to_membership_id=cast.eve.membership_id, why="take", by=cast.eve, at=NOW)
    assert {o.code for o in caught.value.objections} == {"CANNOT_ANSWER"}
    assert Step.objects.count() == 0


def test_what_nobody_acknowledges_goes_on_by_the_clock_until_somebody_does(cast: Cast):
    """H12: an unacknowledged alert escalates, again and again."""
    alert, clock = _raise(cast), Actor.system(cast.clinic.id, "The clock")
    assert actions.escalate_overdue(by=clock, at=NOW + timedelta(minutes=9)) == 0
    owners = {alert.owner_id}
    for turn in range(1, 5):
        assert actions.escalate_overdue(by=clock, at=NOW + timedelta(minutes=11 * turn)) == 1
        alert.refresh_from_db()
        owners.add(alert.owner_id)
    assert alert.escalations == 4
    assert len(owners) >= 4


def test_a_failing_record_leaves_no_alert(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the record is down")

    monkeypatch.setattr(answering, "record", broken)
    with pytest.raises(RuntimeError):
        _raise(cast)
    assert Alert.objects.count() == 0


def test_handing_over_moves_it_to_the_colleagues_list(cast: Cast):
    alert = _raise(cast)
    actions.hand_over(
        alert.id, to_membership_id=cast.noor.membership_id, why="She knows her.", by=cast.okafor, at=NOW
    )
    assert [a.id for a in queries.open_for(cast.noor)] == [alert.id]
    assert [a.id for a in queries.open_of_others(cast.okafor)] == [alert.id]


def test_two_people_cannot_both_answer_one_alert(committed):
    """Two tabs of the owner: one answer stands, the other is refused."""
    cast = committed.cast
    with committed.inside():
        alert = _raise(cast)
        actions.acknowledge(alert.id, by=cast.okafor, at=NOW)
    told: list[str] = []

    def answer() -> None:
        try:
            with committed.inside():
                actions.answer(alert.id, outcome="spoke", note="Called.", by=cast.okafor, at=NOW)
            told.append("done")
        except Refused:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=answer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "refused"]
