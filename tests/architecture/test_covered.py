"""A run of every test is red when a rule or an action has a branch that no test runs."""

from __future__ import annotations

import pytest

from tests.covered import WHOLE_PERCENT, Ran, is_whole, part_of, short_of


@pytest.mark.parametrize(
    "path",
    [
        "openkap/courses/rules.py",
        "openkap/courses/dose_rules.py",
        "openkap/courses/actions/ordering.py",
        "openkap/dispensary/actions.py",
    ],
)
def test_one_branch_of_a_rule_or_an_action_that_no_test_runs_is_named(path: str):
    most = Ran("openkap/desk/views.py", 1000, 0)
    assert is_whole(path)
    assert short_of([most, Ran(path, 40, 0)]) == []
    [told] = short_of([most, Ran(path, 40, 1, branches=("12→14",))])
    assert path in told
    assert "12→14" in told


def test_the_rest_may_miss_a_little_and_no_more():
    view = "openkap/desk/views.py"
    assert not is_whole(view)
    assert short_of([Ran(view, 100, 5)]) == []
    [told] = short_of([Ran(view, 100, 6)])
    assert str(WHOLE_PERCENT) in told
    assert part_of([Ran(view, 100, 6)]) == 94
