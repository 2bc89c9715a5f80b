"""What `make bench` measures still runs: a figure that cannot be taken is seen here; no time is judged."""

from __future__ import annotations

import pytest

from tests.bench import __main__ as bench


@pytest.mark.parametrize("measure", [bench._rules, bench._messages, bench._referrals])
def test_every_figure_of_the_bench_can_be_taken(measure, monkeypatch):
    monkeypatch.setattr(bench, "median_ms", lambda work, *, times: work() or 1.0)
    assert all(name and took for name, took in measure())
