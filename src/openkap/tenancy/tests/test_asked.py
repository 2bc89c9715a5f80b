"""A page asks each question once, and shows nothing that was written over meanwhile (H39)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openkap.kernel.ids import uuid7
from openkap.people.models import Patient
from openkap.tenancy.asked import asked_once, asking_once
from openkap.tenancy.context import inside
from tests.cast import Cast


@asked_once
def _names(ids, *, upper: bool = False) -> list[str]:
    names = Patient.objects.filter(id__in=ids).order_by("id").values_list("given_name", flat=True)
    return [name.upper() if upper else name for name in names]


@asked_once
def _name(person: Patient) -> str:
    return Patient.objects.get(id=person.id).given_name


@asked_once
def _everyone() -> int:
    return Patient.objects.count()


def test_the_same_is_asked_once_while_a_page_is_drawn(cast: Cast) -> None:
    person = cast.amara.id
    with CaptureQueriesContext(connection) as asked, asking_once():
        assert _names([person]) == _names({person}) == _names((person,)) == ["Amara"]
        assert _names([person], upper=True) == ["AMARA"]
        assert _name(cast.amara) == _name(Patient(id=person)) == "Amara"
        assert _names([]) == []
    assert len(asked) == 3, "an empty list is no question"


def test_nothing_is_kept_for_an_act_nor_from_one_page_to_the_next(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        for _ in range(2):
            with asking_once():
                _names([cast.amara.id])
            _names([cast.amara.id])
    assert len(asked) == 4


@pytest.mark.parametrize("how", ["UPDATE", "raw"])
def test_what_is_written_while_a_page_is_drawn_is_on_it(cast: Cast, how: str) -> None:
    with asking_once():
        assert _name(cast.amara) == "Amara"
        if how == "UPDATE":
            Patient.objects.filter(id=cast.amara.id).update(given_name="Ama")
        else:
            with connection.cursor() as cursor:
                cursor.execute("  with x as (select 1) update people_patient set given_name = 'Ama'")
        assert _name(cast.amara) == "Ama"


def test_nothing_is_kept_from_one_clinic_to_another(cast: Cast) -> None:
    """H40: two clinics may be asked the same, as who holds a duty."""
    with asking_once():
        assert _everyone() == 1
        with inside(uuid7(), role="system"):
            assert _everyone() == 0
        assert _everyone() == 1


def test_a_failure_is_not_kept(cast: Cast) -> None:
    stranger = Patient()
    with asking_once():
        for _ in range(2):
            with pytest.raises(Patient.DoesNotExist):
                _name(stranger)
