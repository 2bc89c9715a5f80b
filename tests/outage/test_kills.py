"""Processes killed while a monitor speaks and a nurse writes: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import pytest

from tests import kills
from tests.standing import RunningClinic

pytestmark = pytest.mark.enable_socket
KILLS = 8


def test_what_was_acknowledged_outlives_every_process(standing: RunningClinic) -> None:
    """H23, H24, H31, H35. `make faults` goes on to hundreds."""
    sums = kills.run(standing, kills=KILLS, seed=20261125)
    assert sums.kills == KILLS
    assert set(sums.killed) == set(kills.TARGETS)
    assert min(sums.messages, sums.entries) > 2 * KILLS
    assert (sums.lost, sums.doubled) == (0, 0)
