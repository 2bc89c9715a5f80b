"""Pure: what somebody typed to find a person, and whether a person fits it.

Names are compared without accents, marks and case, in any script (`nunez` finds Núñez, `ivan` finds Иван); a
record number without its zeros (KAP-1); a date as day first and as month first, where both exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openkap.people.rules import folded

WORDS_MAX = 5
OLDEST_YEAR = 1900
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR_FIRST = re.compile(r"\b(?P<year>\d{4})[-/.](?P<one>\d{1,2})[-/.](?P<two>\d{1,2})\b")
_YEAR_LAST = re.compile(r"\b(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})\b")
_DAY_MONTH = re.compile(rf"\b(?P<day>\d{{1,2}})\.?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<letters>[a-z]*)-?0*(?P<digits>\d+)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What is looked for: words that all must fit, and the dates a typed date may mean."""

    words: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    has_date: bool = False

    def __bool__(self) -> bool:
        return bool(self.words) or self.has_date


@dataclass(frozen=True, slots=True)
class Known:
    """A person as a search sees them; numbers and names also of records that were merged into theirs."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    birth_date: date


def asked_for(text: str, *, today: date) -> SearchTerms:
    """What the typed text looks for."""
    rest, dates, has_date = text, [], False
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _DAY_MONTH, _MONTH_DAY):
        for found in list(pattern.finditer(rest)):
            has_date = True
            dates += list(_dates(found.groupdict(), today))
        rest = pattern.sub(" ", rest)
    return SearchTerms(tuple(rest.split()[:WORDS_MAX]), tuple(dict.fromkeys(dates)), has_date)


def _dates(parts: dict[str, str | None], today: date) -> Iterator[date]:
    """The days a typed date may mean: with a point the day comes first, with a stroke nobody knows."""
    for year in _years(parts["year"] or "", today):
        if parts.get("month"):
            pairs = [(int(parts["day"] or 0), _MONTHS.index((parts["month"] or "").casefold()[:3]) + 1)]
        elif len(parts["year"] or "") == 4 and parts.get("sign") is None:
            pairs = [(int(parts["two"] or 0), int(parts["one"] or 0))]
        else:
            one, two = int(parts["one"] or 0), int(parts["two"] or 0)
            pairs = [(one, two)] if parts["sign"] == "." else [(one, two), (two, one)]
        for day, month in pairs:
            try:
                yield date(year, month, day)
            except ValueError:
                continue


def _years(typed: str, today: date) -> list[int]:
    if len(typed) == 4:
        return [int(typed)]
    return [year for year in (1900 + int(typed), 2000 + int(typed)) if year <= today.year]


def fits(asked: SearchTerms, person: Known) -> bool:
    """Whether the person fits everything that was asked for."""
    if not asked or (asked.has_date and person.birth_date not in asked.dates):
        return False
    return all(_word_fits(word, person) for word in asked.words)


def _word_fits(word: str, person: Known) -> bool:
    plain = folded(word)
    if plain and any(plain in folded(name) for name in person.names):
        return True
    if any(_same_number(word, number) for number in person.numbers):
        return True
    return word.isdigit() and len(word) == 4 and person.birth_date.year == int(word) >= OLDEST_YEAR


def _same_number(typed: str, known: str) -> bool:
    """Whether a record number is meant: the letters may be left out, and the zeros before it."""
    if typed.casefold() == known.casefold():
        return True
    asked, has = _NUMBER.match(typed), _NUMBER.match(known)
    if asked is None or has is None or asked["digits"] != has["digits"]:
        return False
    return asked["letters"].casefold() in ("", has["letters"].casefold())
