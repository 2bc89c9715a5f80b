"""A dose is taken from stock in its own transaction: both are there, or neither (H05)."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from openkap.audit.models import Event
from openkap.dispensary import actions as dispensary_actions
from openkap.dispensary import queries
from openkap.dispensary.models import FormularyItem, Issue
from openkap.dosing.models import Dose
from openkap.dosing.tests.scene import scene
from openkap.kernel.ids import uuid7
from tests.cast import NOW, Cast, Committed


def test_starting_a_dose_takes_it_from_stock(cast: Cast) -> None:
    it = scene(cast)
    dose = it.start()
    (issue,) = queries.issues_of(it.session.id)
    assert (issue.dose_id, issue.amount_mg, issue.patient_id) == (dose.id, dose.ordered_mg, cast.amara.id)
    assert issue.item_id == dose.order.formulary_item_id
    assert Event.objects.filter(verb="dispensary.issued").count() == 1


def test_a_dose_that_cannot_be_taken_from_stock_is_not_given(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = scene(cast)

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the register failed")

    monkeypatch.setattr(dispensary_actions, "issue", fails)
    with pytest.raises(RuntimeError, match="register"):
        it.start()
    assert not Dose.objects.exists()
    assert not Issue.objects.exists()
    assert not Event.objects.filter(verb="dosing.started").exists()


def test_the_same_tap_twice_is_taken_from_stock_once(cast: Cast) -> None:
    it, key = scene(cast), uuid7()
    first = it.start(client_id=key)
    assert it.start(client_id=key) == first
    assert Issue.objects.count() == 1


def test_what_was_taken_for_a_dose_is_not_taken_again_for_it(cast: Cast) -> None:
    it = scene(cast)
    dose = it.start()
    (first,) = queries.issues_of(it.session.id)
    again = dispensary_actions.issue(
        first.item_id,
        patient_id=cast.amara.id,
        session_id=it.session.id,
        dose_id=dose.id,
        amount_mg=dose.ordered_mg,
        by=cast.sam,
        at=NOW,
    )
    assert again == first


def test_two_doses_that_draw_on_one_product_wait_for_each_other_and_both_are_written(
    committed: Committed,
) -> None:
    with committed.inside():
        it = scene(committed.cast)
        item = FormularyItem.objects.get()
    begun, failures = threading.Barrier(2, timeout=30), []

    def draw() -> None:
        try:
            with committed.inside():
                begun.wait()
                dispensary_actions.issue(
                    item.id,
                    patient_id=committed.cast.amara.id,
                    session_id=it.session.id,
                    dose_id=uuid7(),
                    amount_mg=Decimal(40),
                    by=committed.cast.sam,
                    at=NOW,
                )
        except DatabaseError as error:  # a deadlock is one
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with committed.inside():
        assert (failures, Issue.objects.count()) == ([], 2)
