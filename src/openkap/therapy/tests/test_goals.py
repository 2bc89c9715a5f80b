"""A goal is met, or let go; each is said once."""

from __future__ import annotations

from openkap.audit.models import Event
from openkap.dosing.tests.scene import course_of
from openkap.therapy import actions
from tests.cast import NOW, Cast


def test_a_goal_that_is_let_go_says_so(cast: Cast) -> None:
    by = {"by": cast.noor, "at": NOW}
    goal = actions.set_goal(course_of(cast).id, text="Call my sister", **by)
    goal = actions.close_goal(goal.id, met=False, **by)
    assert (goal.met_at, goal.dropped_at) == (None, NOW)
    assert Event.objects.filter(verb="therapy.goal_dropped").count() == 1
