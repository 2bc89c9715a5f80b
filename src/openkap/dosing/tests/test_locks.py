"""H05, H24, H25: the locks, each held apart, so that taking one away turns its own test red."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from openkap.courses import actions as courses_actions
from openkap.courses.models import OrderWithdrawn
from openkap.dosing import facts
from openkap.dosing.actions import doses
from openkap.dosing.models import Dose, SecondCheck
from openkap.dosing.tests.scene import check, scene
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Committed

PAUSE_SECONDS = 0.6


def _slowly(function: Callable, reached: threading.Event) -> Callable:
    """The same function, with a pause in which somebody else could come between."""

    def slow(*args: object, **kwargs: object) -> object:
        reached.set()
        time.sleep(PAUSE_SECONDS)
        return function(*args, **kwargs)

    return slow


def _in_a_thread(committed: Committed, act: Callable[[], object], outcomes: list[str]) -> threading.Thread:
    def go() -> None:
        try:
            with committed.inside():
                act()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def test_an_order_is_not_taken_back_in_the_moment_its_dose_starts(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H05: the patient's lock alone holds this; the session's does not know of orders."""
    with committed.inside():
        it = scene(committed.cast)
    reached, outcomes = threading.Event(), []
    monkeypatch.setattr(doses, "_begin", _slowly(doses._begin, reached))
    starting = _in_a_thread(committed, lambda: it.start(), outcomes)
    assert reached.wait(30)
    okafor = committed.cast.okafor
    taking_back = _in_a_thread(
        committed, lambda: courses_actions.withdraw_order(it.order.id, why="no", by=okafor, at=NOW), outcomes
    )
    starting.join()
    taking_back.join()
    assert outcomes == ["done", "refused"]
    with committed.inside():
        assert Dose.objects.count() == 1
        assert not OrderWithdrawn.objects.exists()


def test_the_same_check_tapped_on_two_screens_is_one_check(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H24, H25: the session's lock alone holds this."""
    with committed.inside():
        it = scene(committed.cast, without="check")
    reached, outcomes = threading.Event(), []
    monkeypatch.setattr(facts, "check_rows", _slowly_after(facts.check_rows, reached))
    june = committed.cast.june
    first = _in_a_thread(committed, lambda: check(it.session, by=june), outcomes)
    assert reached.wait(30)
    second = _in_a_thread(committed, lambda: check(it.session, by=june), outcomes)
    first.join()
    second.join()
    assert outcomes == ["done", "done"]
    with committed.inside():
        assert SecondCheck.objects.count() == 1


def _slowly_after(function: Callable, reached: threading.Event) -> Callable:
    """The same function, with the pause between its answer and what is done with it."""

    def slow(*args: object, **kwargs: object) -> object:
        answer = function(*args, **kwargs)
        reached.set()
        time.sleep(PAUSE_SECONDS)
        return answer

    return slow
