"""The tests themselves: what one of them commits is gone before the next."""

from __future__ import annotations

import pytest

from openkap.tenancy.clinics import clinic_ids


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_finds_an_empty_house(committed, turn):
    """Twice in a row: the second finds only its own clinic."""
    assert clinic_ids() == [committed.cast.clinic.id]
