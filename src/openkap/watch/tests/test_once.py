"""What was done already is done once; what cannot harm any more wakes nobody."""

from __future__ import annotations

from datetime import timedelta

from openkap.alerts.models import Alert
from openkap.dosing import actions
from openkap.dosing.tests.scene import Scene, scene
from openkap.kernel.ids import uuid7
from openkap.watch import actions as watch_actions
from openkap.watch.actions import marking
from openkap.watch.causes import CONFIRMED, LOOK_NOW
from openkap.watch.models import AdverseEvent, Mark
from openkap.watch.plausibility import DBP, HEART_RATE, OXIMETER_PULSE, SBP, SPO2
from tests.cast import Cast


def _closed(cast: Cast) -> Scene:
    here = scene(cast)
    actions.close_session(here.session.id, why="She went home.", by=cast.okafor, at=here.later(5))
    here.session.refresh_from_db()
    return here


def test_a_monitor_paired_twice_is_paired_once(cast: Cast) -> None:
    here = scene(cast)
    by = {"by": cast.sam, "at": here.later(0.5)}
    monitor = watch_actions.add_monitor(identifier="BED", name="Bedside", **by)
    first = watch_actions.pair(here.session.id, monitor_id=monitor.id, **by)
    assert watch_actions.pair(here.session.id, monitor_id=monitor.id, **by) == first


def test_the_clock_leaves_a_closed_session_alone(cast: Cast) -> None:
    here = _closed(cast)
    assert watch_actions.sweep(here.session.id, by=cast.sam, at=here.later(300)) == 0
    assert not Mark.objects.exists()


def test_after_closing_only_a_crossed_limit_is_told(cast: Cast) -> None:
    here = _closed(cast)
    here.take({SBP: 122, DBP: 80}, minutes=4, at=here.later(6))
    assert not Alert.objects.filter(kind="dosing_late_value").exists()
    watch_actions.note_adverse_event(
        here.session.id, term="Headache", grade=1, noticed_at=here.later(4), client_id=uuid7(),
        by=cast.sam, at=here.later(7),
    )  # fmt: skip
    assert AdverseEvent.objects.count() == 1
    assert not Mark.objects.exists()


def test_a_recheck_that_was_forgotten_is_told_anew_each_time(cast: Cast) -> None:
    here = scene(cast)
    mark = Mark(at=here.at)
    assert marking._cause(mark) == ("mark", mark.id)
    mark.recheck_at = here.later(5)
    kind, first = marking._cause(mark)
    mark.recheck_at += timedelta(minutes=5)
    assert (kind, marking._cause(mark)[1] == first) == ("recheck", False)


def test_a_grave_value_confirmed_twice_stops_once(cast: Cast) -> None:
    """H08: the second confirmation adds no second stop while the first one stands."""
    here = scene(cast)
    here.start()
    for minutes in (3, 5):
        here.take({HEART_RATE: 0, OXIMETER_PULSE: 0, SPO2: 0}, minutes=minutes)
        mark = Mark.objects.get(cause=LOOK_NOW, closed_at=None)
        settled = {"action": "She does not breathe.", "is_true": True, "by": cast.sam}
        watch_actions.settle_mark(mark.id, **settled, at=here.later(minutes + 0.5))
    assert Mark.objects.filter(cause=CONFIRMED).count() == 1
