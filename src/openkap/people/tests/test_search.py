"""Search reads an index, and finds exactly whom the pure rule finds, in any number of people (hazard H29)."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from openkap.people import actions, finding, queries
from openkap.people.models import Patient, SearchWord
from tests.cast import NOW, Cast

TODAY = NOW.date()
PEOPLE = (
    ("Anna-Maria", "van der Berg", date(1985, 3, 12)),
    ("José", "Núñez", date(1985, 12, 3)),
    ("Ann", "O\u2019Brien", date(1990, 1, 1)),
    ("Иван", "Петров", date(2001, 7, 9)),
    ("小龍", "李", date(1940, 11, 27)),
    ("ശ്രീദേവി", "ചന്ദ്രൻ", date(1985, 3, 12)),
    ("Kim", "Ñ", date(1999, 2, 28)),
    ("1985", "Twelve", date(1970, 5, 5)),
)
TYPED = (
    "anna", "maria", "annamaria", "berg", "van der", "der b", "nunez", "NÚÑEZ josé", "obrien", "brien",
    "o'b", "ann", "ivan petrov", "петр", "li", "xiaolong", "long", "龍", "ശ്രീ", "n", "kim n", "zz",
    "1985", "1940 li", "12.03.1985", "03/12/1985 jose", "KAP-2", "kap-0003", "3", "0004", "2 jose", "#2",
    "annamariavander", "%", "_", "kap", "bergx", "12", "twelve 1985", "''", "o brien",
)  # fmt: skip


def _taken_in(cast: Cast, given: str, family: str, born: date) -> Patient:
    particulars = {"given_name": given, "family_name": family, "birth_date": born}
    return actions.register(particulars=particulars, by=cast.kit, at=NOW)


@pytest.fixture
def people(cast: Cast) -> list[Patient]:
    """Some people beside Amara."""
    return [cast.amara, *(_taken_in(cast, *told) for told in PEOPLE)]


def _found(cast: Cast, text: str) -> list[Patient]:
    return list(queries.search(cast.kit, text, today=TODAY))


def _words(record: Patient) -> set[str]:
    return set(SearchWord.objects.filter(record=record).values_list("word", flat=True))


def _as_known(it: Patient) -> finding.Known:
    return finding.Known(finding.kept_words(it.given_name, it.family_name, number=it.mrn), it.birth_date)


def test_the_database_finds_whom_the_rule_finds(cast: Cast, people: list[Patient]) -> None:
    empty = 0
    for text in TYPED:
        asked = finding.asked_for(text, today=TODAY)
        by_rule = {it.id for it in people if finding.fits(asked, _as_known(it))}
        assert {it.id for it in _found(cast, text)} == by_rule, text
        empty += not by_rule
    assert 0 < empty < len(TYPED) / 2


@pytest.mark.parametrize(
    ("typed", "place"), [("maria", 1), ("brien", 3), ("龍", 5), ("long", 5), ("петр", 4), ("der b", 1)]
)
def test_each_part_of_a_name_is_a_way_to_it(cast: Cast, people: list[Patient], typed, place) -> None:
    assert people[place] in _found(cast, typed)


def test_a_corrected_name_is_found_and_the_old_one_is_not(cast: Cast) -> None:
    it = _taken_in(cast, "Mira", "Old", date(1980, 1, 1))
    actions.correct(it.id, particulars={"family_name": "Newname"}, by=cast.kit, at=NOW)
    assert (_found(cast, "newn"), _found(cast, "old")) == ([it], [])
    before = _words(it)
    actions.correct(it.id, particulars={"phone": "212 555 0177"}, by=cast.kit, at=NOW)
    assert _words(it) == before


def test_no_word_that_begins_another_is_kept_twice() -> None:
    assert finding.kept_words("Amara", "Osei", number="KAP-0012") == {
        "amaraosei",
        "osei",
        "#kap-0012",
        "#kap12",
        "#12",
    }
    assert finding.kept_words("", "", number="") == {"#"}


def test_a_name_longer_than_a_word_may_be_is_found_by_its_beginning(cast: Cast) -> None:
    long = "龍" * 80  # each sign is four letters in Latin
    it = _taken_in(cast, long, "Osei", date(1980, 1, 1))
    assert it in _found(cast, long)
    assert max(len(word) for word in _words(it)) <= finding.LONGEST_WORD + 1


def test_who_was_here_before_the_words_were_kept_is_found(cast: Cast, people: list[Patient]) -> None:
    """The migration writes for every record what taking it in writes today."""
    kept = {it.id: _words(it) for it in people}
    SearchWord.objects.all().delete()
    migration = import_module("openkap.people.migrations.0004_search_words")
    migration.keep_words_of_who_is_here(apps, SimpleNamespace(connection=connection))
    assert {it.id: _words(it) for it in people} == kept


def test_row_level_security_lets_the_planner_use_the_index(cast: Cast, people: list[Patient]) -> None:
    """Full text and LIKE may not look below a policy; the order of code points may."""
    many = (SearchWord(clinic_id=cast.clinic.id, record=cast.amara, word=f"w{n}") for n in range(10_000))
    SearchWord.objects.bulk_create(many)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, row_security_active('people_searchword')")
        assert cursor.fetchone() == ("openkap_app", True)
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, values = queries._beginning(finding.sought("osei")).values("record_id").query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = [row[0].strip() for row in cursor.fetchall()]
    assert "Index Only Scan using people_searchword_begins" in plan[0]
    condition = next(line for line in plan if line.startswith("Index Cond"))
    for part in ("clinic_id = ", "word >= 'osei'", "word < 'osej'"):
        assert part in condition
    assert not [line for line in plan if line.startswith("Filter")]
