"""Ten thousand bent inputs of each kind: no crash, no value of somebody else, none newer than measured."""

from __future__ import annotations

import pytest

from openkap.interop.tests.fuzzing import KINDS

EXECUTIONS, PARTS = 10_000, 4


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", KINDS)
def test_however_an_input_is_bent_nothing_breaks_and_nothing_is_charted_that_is_not_hers(kind, part):
    """H30, H31, H27; and enough of the inputs are still read for this to mean something."""
    share = EXECUTIONS // PARTS
    read = sum(KINDS[kind](number) for number in range(part * share, (part + 1) * share))
    assert read > share // 8


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_bends_the_same_way_each_time(kind):
    assert [KINDS[kind](number) for number in range(50)] == [KINDS[kind](number) for number in range(50)]
