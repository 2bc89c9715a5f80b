"""The formulary: one strength a product, and a strange strength is asked about."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.audit.models import Event
from openkap.dispensary import actions, queries
from openkap.dispensary.models import FormularyItem
from openkap.kernel.quantity import MilligramsPerMillilitre
from openkap.kernel.refusal import Refused
from tests.cast import NOW, Cast


def _stock(cast: Cast, strength: str = "10", **more) -> FormularyItem:
    return actions.stock(
        product="racemic_iv",
        name="Ketamine",
        strength=MilligramsPerMillilitre.of(strength),
        vial_ml=Decimal(20),
        by=cast.ada,
        at=NOW,
        **more,
    )


def test_a_clinic_stocks_one_strength_of_a_product(cast: Cast) -> None:
    """H03: two strengths on the shelf are how 950 mg are given for 95."""
    first = _stock(cast)
    with pytest.raises(Refused) as caught:
        _stock(cast, "50")
    assert [it.code for it in caught.value.objections] == ["ONE_STRENGTH"]
    actions.withdraw(first.id, why="changed supplier", by=cast.ada, at=NOW)
    assert _stock(cast, "50").strength_mg_per_ml == 50
    assert [it.strength_mg_per_ml for it in queries.formulary()] == [50]


def test_an_unusual_strength_is_confirmed_on_the_vial(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        _stock(cast, "20")
    assert [it.code for it in caught.value.objections] == ["STRENGTH_UNUSUAL"]
    assert _stock(cast, "20", confirmed=True).strength_mg_per_ml == 20


def test_a_refused_product_leaves_no_trace(cast: Cast) -> None:
    events = Event.objects.count()
    with pytest.raises(Refused) as caught:
        actions.stock(
            product="racemic_iv",
            name=" ",
            strength=MilligramsPerMillilitre.of("0"),
            vial_ml=Decimal(0),
            by=cast.ada,
            at=NOW,
        )
    assert {it.code for it in caught.value.objections} == {
        "NAME_MISSING",
        "STRENGTH_NOT_POSITIVE",
        "VOLUME_NOT_POSITIVE",
    }
    assert (FormularyItem.objects.count(), Event.objects.count()) == (0, events)


def test_when_the_record_fails_nothing_is_stocked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        _stock(cast)
    assert FormularyItem.objects.count() == 0


def test_a_product_is_withdrawn_once(cast: Cast) -> None:
    item = _stock(cast)
    actions.withdraw(item.id, why="recall", by=cast.ada, at=NOW)
    with pytest.raises(Refused):
        actions.withdraw(item.id, why="recall", by=cast.ada, at=NOW)


def test_the_formulary_is_kept_by_prescribers_and_administrators(cast: Cast, client_as, once) -> None:
    typed = {
        "product": "racemic_iv",
        "name": "Ketamine",
        "strength_mg_per_ml": "10",
        "vial_ml": "20",
        "once": once(),
    }
    assert client_as(cast.sam).post("/formulary/", typed).status_code == 404
    assert client_as(cast.ada).post("/formulary/", {**typed, "once": once()}).status_code == 302
    again = client_as(cast.ada).post("/formulary/", {**typed, "once": once()})
    assert again.status_code == 422
    assert b"in the formulary already" in again.content
