"""Amara in Room 2, with a monitor at her side."""

from __future__ import annotations

import pytest

from openkap.dosing.tests.scene import Scene, scene
from openkap.interop.hl7v2.tests.bedside import NAME
from openkap.watch import actions as watch_actions
from tests.cast import NOW, Cast


@pytest.fixture
def here(cast: Cast) -> Scene:
    """Amara in Room 2, with a monitor at her side."""
    it = scene(cast, but=frozenset({"consent", "order", "vitals"}))
    monitor = watch_actions.add_monitor(identifier=NAME, name="Bedside 1", by=cast.sam, at=NOW)
    watch_actions.pair(it.session.id, monitor_id=monitor.id, by=cast.sam, at=NOW)
    return it
