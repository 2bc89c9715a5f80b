"""One monitor, one session: a device's values cannot reach another person (H30)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from openkap.dosing import actions
from openkap.dosing.tests.scene import scene
from openkap.kernel.refusal import Refused
from openkap.watch import actions as watch_actions
from openkap.watch.models import Pairing
from tests.cast import NOW, Cast


def test_a_monitor_in_two_sessions_is_impossible_even_for_the_database(cast: Cast) -> None:
    """H30."""
    it = scene(cast, but=frozenset({"consent", "order"}))
    one = watch_actions.add_monitor(identifier="A1", name="Bedside 1", by=cast.sam, at=NOW)
    two = watch_actions.add_monitor(identifier="A2", name="Bedside 2", by=cast.sam, at=NOW)
    watch_actions.pair(it.session.id, monitor_id=one.id, by=cast.sam, at=NOW)
    with pytest.raises(Refused) as refused:
        watch_actions.pair(it.session.id, monitor_id=two.id, by=cast.sam, at=NOW)
    assert {o.code for o in refused.value.objections} == {"SESSION_PAIRED"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.create(monitor=one, session=it.session, **cast.sam.stamp(NOW))
    with pytest.raises(Refused):
        watch_actions.retire_monitor(one.id, by=cast.sam, at=NOW)
    watch_actions.unpair(it.session.id, by=cast.sam, at=NOW)
    watch_actions.pair(it.session.id, monitor_id=two.id, by=cast.sam, at=NOW)
    watch_actions.retire_monitor(one.id, by=cast.sam, at=NOW)


def test_closing_a_session_frees_its_monitor(cast: Cast) -> None:
    it = scene(cast, but=frozenset({"consent", "order"}))
    monitor = watch_actions.add_monitor(identifier="A1", name="Bedside 1", by=cast.sam, at=NOW)
    watch_actions.pair(it.session.id, monitor_id=monitor.id, by=cast.sam, at=NOW)
    actions.close_session(it.session.id, why="Fever", by=cast.sam, at=it.later(1))
    assert not Pairing.objects.filter(ended_at__isnull=True).exists()


def test_one_name_is_one_monitor_of_the_clinic_until_it_is_retired(cast: Cast) -> None:
    monitor = watch_actions.add_monitor(identifier="GATE-1", name="Bedside 1", by=cast.sam, at=NOW)
    with pytest.raises(Refused):
        watch_actions.add_monitor(identifier="GATE-1", name="Another", by=cast.sam, at=NOW)
    watch_actions.retire_monitor(monitor.id, by=cast.sam, at=NOW)
    watch_actions.add_monitor(identifier="GATE-1", name="Another", by=cast.sam, at=NOW)
