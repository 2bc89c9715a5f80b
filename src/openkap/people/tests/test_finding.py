"""Finding a person by what somebody types, and seeing that two records may be one: in any script (H29)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openkap.kernel.ids import uuid7
from openkap.people.finding import Known, asked_for, fits, kept_words
from openkap.people.rules import Likeness, folded, possible_duplicates

TODAY, BORN = date(2026, 11, 23), date(1985, 3, 12)


def _finds(text: str, *names: str, numbers: tuple[str, ...] = ("KAP-0012",)) -> bool:
    given, family = (*names, "")[:2]
    words = frozenset().union(*(kept_words(given, family, number=number) for number in numbers))
    return fits(asked_for(text, today=TODAY), Known(words, BORN))


@pytest.mark.parametrize(
    ("typed", "given", "family"),
    [
        ("nunez", "José", "Núñez"),
        ("Núñez", "Jose", "Nunez"),
        ("obrien", "Ann", "O\u2019Brien"),
        ("o'brien", "Ann", "O\u2019Brien"),
        ("OBrien ann", "Ann", "O'Brien"),
        ("lodz", "Łukasz", "Łódź"),
        ("strasse", "Eva", "Straße"),
        ("ivan petrov", "Иван", "Петров"),
        ("Иван", "Ivan", "Petrov"),
        ("иванов", "Пётр", "Иванов"),
        ("sridevi", "ശ്രീ\u200dദേവി", "ചന്ദ്രൻ"),
        ("李", "小龍", "李"),
        ("li xiaolong", "小龍", "李"),
        ("παπας", "Νίκος", "Παπάς"),
        ("annamaria", "Anna-Maria", "Berg"),
        ("maria berg", "Anna Maria", "van der Berg"),
    ],
)
def test_a_name_is_found_in_every_script_and_without_its_accents(typed, given, family):
    assert _finds(typed, given, family)


@pytest.mark.parametrize("typed", ["KAP-12", "kap-0012", "KAP12", "12", "0012"])
def test_a_record_number_is_found_without_its_zeros(typed):
    assert _finds(typed, "Amara", "Osei")
    assert not _finds(typed, "Amara", "Osei", numbers=("KAP-0123", "KAP-0112"))


@pytest.mark.parametrize(
    ("typed", "dates"),
    [
        ("1985-03-12", [BORN]),
        ("1985/3/12", [BORN]),
        ("12.03.1985", [BORN]),
        ("12.3.1985", [BORN]),
        ("03/12/1985", [date(1985, 12, 3), BORN]),
        ("12-03-1985", [BORN, date(1985, 12, 3)]),
        ("25/03/1985", [date(1985, 3, 25)]),
        ("03/25/1985", [date(1985, 3, 25)]),
        ("12 Mar 1985", [BORN]),
        ("12 march 1985", [BORN]),
        ("12. März 1985", []),
        ("March 12, 1985", [BORN]),
        ("12.03.85", [BORN]),
        ("12.03.05", [date(1905, 3, 12), date(2005, 3, 12)]),
        ("31.02.1985", []),
    ],
)
def test_a_date_is_read_as_day_first_and_as_month_first(typed, dates):
    assert list(asked_for(typed, today=TODAY).dates) == dates


@pytest.mark.parametrize("typed", ["03/12/1985", "12/03/1985", "osei 12/03/1985", "1985", "osei 1985"])
def test_a_person_is_found_by_either_reading_of_a_date(typed):
    assert _finds(typed, "Amara", "Osei")


@pytest.mark.parametrize("typed", ["", " ", "'", "%", "--", "13/13/1985", "1985-03-13", "osei kim", "1984"])
def test_what_says_nothing_or_something_else_finds_nobody(typed):
    assert not _finds(typed, "Amara", "Osei")


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=300)
def test_anything_may_be_typed(text, given_name, family_name):
    assert isinstance(_finds(text, given_name, family_name), bool)


def _likely(new: tuple[str, str], known: tuple[str, str], born: date | None = BORN) -> bool:
    one = Likeness(None, *new, born)
    return bool(possible_duplicates(one, [Likeness(uuid7(), *known, BORN)]))


@pytest.mark.parametrize(
    ("new", "known"),
    [
        (("Иван", "Петров"), ("Иван", "Петров")),
        (("Ivan", "Petrov"), ("Иван", "Петров")),
        (("Jose", "Nunez"), ("José", "Núñez")),
        (("Ann", "OBrien"), ("Ann", "O\u2019Brien")),
        (("Petrov", "Ivan"), ("Ivan", "Petrov")),
        (("Mira Testa", ""), ("Mira", "Testa")),
        (("李小龍", ""), ("小龍", "李")),
        (("Anna", "Maria Berg"), ("Anna Maria", "Berg")),
    ],
)
@pytest.mark.parametrize("born", [BORN, date(1985, 12, 3)])
def test_one_person_in_another_script_order_or_date_is_a_possible_duplicate_h29(new, known, born):
    """H29: the same name in Cyrillic letters scored 40 of 50, because it folded to nothing."""
    assert _likely(new, known, born)


@pytest.mark.parametrize(
    ("new", "known"),
    [(("Иван", "Петров"), ("Анна", "Смирнова")), (("", ""), ("", "")), (("王", "伟"), ("李", "娜"))],
)
def test_two_people_born_on_one_day_are_not_one(new, known):
    assert not _likely(new, known)


def test_folding_keeps_something_of_every_script():
    for name in (
        "Иван",
        "محمد",
        "שרה",
        "李",
        "さくら",
        "김",
        "ไทย",
        "क्षमा",
        "தமிழ்",
        "Ελένη",
        "Թամար",
        "ნინო",
    ):
        assert folded(name), name
