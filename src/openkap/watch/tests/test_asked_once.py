"""A page that only reads asks each thing once, and shows what it would show if it asked each time."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from openkap.dosing import live as rooms
from openkap.dosing.live_json import as_json
from openkap.dosing.tests.scene import BASE, Scene, scene
from openkap.watch import facts
from openkap.watch.models import EnteredInError, Session
from openkap.watch.plausibility import DBP, HEART_RATE, OXIMETER_PULSE, SBP, SPO2
from tests.cast import Cast
from tests.queries import counted


def _a_session_with_everything(cast: Cast) -> Scene:
    """True values, grave ones, one that was an error, and a pulse from another sensor."""
    here = scene(cast)
    here.start()
    here.take({SBP: 131, DBP: 82}, minutes=3)
    wrong, _ = here.take({SBP: 190, DBP: 90}, minutes=4)
    here.take({OXIMETER_PULSE: 88, SPO2: 96}, minutes=5)
    here.take({HEART_RATE: 0, OXIMETER_PULSE: 0, SPO2: 0}, minutes=6)
    EnteredInError.objects.create(
        session=here.session,
        kind=EnteredInError.Kind.VALUE,
        entry_id=wrong.id,
        why="typed wrong",
        **cast.sam.stamp(here.later(6)),
    )
    return here


@pytest.mark.parametrize("minutes", [0.5, 2, 3.5, 4.5, 5.5, 6.5, 20])
def test_a_room_is_the_same_whether_each_thing_is_asked_once_or_each_time(
    cast: Cast, minutes: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _a_session_with_everything(cast)
    at = here.later(minutes)
    with counted() as few:
        once = as_json(rooms.live(Session.objects.get(id=here.session.id), at=at))
    monkeypatch.setattr(rooms.watch_facts, "reading", lambda session, at: nullcontext())
    with counted() as many:
        each_time = as_json(rooms.live(Session.objects.get(id=here.session.id), at=at))
    assert once == each_time
    assert len(few) < len(many) - 8


def test_an_action_that_writes_reads_what_it_wrote(cast: Cast) -> None:
    """Nothing is kept outside a reading, nor of one moment for another."""
    here = scene(cast)
    session, at = here.session, here.later(1)
    with facts.reading(session, at=at):
        before = facts.last_true(session, SBP, at=at)
        with facts.reading(session, at=here.later(2)):
            assert facts.last_true(session, SBP, at=here.later(2)) == before
        assert facts.last_true(session, SBP, at=at) == before
    assert before is not None
    assert before.value == BASE[SBP]
    here.take({SBP: 140, DBP: 85}, minutes=0.9)
    assert facts.last_true(session, SBP, at=at).value == 140
