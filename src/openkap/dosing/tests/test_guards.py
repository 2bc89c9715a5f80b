"""What a dose, an error and a lock are asked when little is there, and the pack asks for nothing."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from openkap.courses.actions import resting
from openkap.dosing import actions
from openkap.dosing.actions import doses
from openkap.dosing.tests.scene import scene
from openkap.kernel.refusal import Refused
from openkap.watch.models import EnteredInError
from openkap.watch.plausibility import DBP, SBP
from tests.cast import Cast


def test_a_protocol_without_an_interval_never_says_too_soon(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scene(cast)
    monkeypatch.setattr(doses.watch_facts, "pack_of", lambda session: SimpleNamespace(interval=None))
    assert doses._too_soon(here.session, here.order, at=here.later(1)) == []


def test_an_order_that_went_while_it_was_started_starts_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scene(cast, without="order")
    monkeypatch.setattr(doses, "objections_to_start", lambda *a, **k: [])
    with pytest.raises(Refused):
        here.start()


def test_a_value_in_error_is_said_of_a_closed_session_too(cast: Cast) -> None:
    """H39: nothing is judged anew; the entry says that it was wrong."""
    here = scene(cast)
    upper, _ = here.take({SBP: 224, DBP: 78}, minutes=0.5)
    actions.close_session(here.session.id, why="She went home.", by=cast.okafor, at=here.later(5))
    actions.enter_in_error(
        here.session.id, kind="value", entry_id=upper.id, why="typed wrong", by=cast.sam, at=here.later(6)
    )
    assert EnteredInError.objects.count() == 2


def test_the_rest_is_of_an_infusion_and_by_weight_only_where_the_order_was() -> None:
    first = SimpleNamespace(weight_kg=None, strength_mg_per_ml=Decimal(10), regimen=object())
    assert resting._amounts(first, Decimal(25)) == {
        "dose_mg": Decimal(25),
        "dose_mg_per_kg": None,
        "volume_ml": Decimal("2.50"),
    }
    with pytest.raises(Refused):
        resting._regimen(first, Decimal(25))
