"""Pure: what somebody typed to find a person, and whether a person fits it.

Names are compared without accents, marks and case, in any script (`nunez` finds Núñez, `ivan` finds Иван),
each word of a name from its beginning; a record number without its zeros (KAP-1); a date as day first and as
month first, where both exist.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from openkap.people.rules import folded

WORDS_MAX = 5
LONGEST_WORD = 160
OLDEST_YEAR = 1900
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR_FIRST = re.compile(r"\b(?P<year>\d{4})[-/.](?P<one>\d{1,2})[-/.](?P<two>\d{1,2})\b")
_YEAR_LAST = re.compile(r"\b(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})\b")
_DAY_MONTH = re.compile(rf"\b(?P<day>\d{{1,2}})\.?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\b", re.IGNORECASE)
_PARTS = re.compile(r"[\s\-‐-―'’ʼ`.,/()]+")
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
    """A person as a search sees them; words also of records that were merged into theirs (`kept_words`)."""

    words: frozenset[str]
    birth_date: date


def asked_for(text: str, *, today: date) -> SearchTerms:
    """What the typed text looks for."""
    rest, dates, has_date = text, [], False
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _DAY_MONTH, _MONTH_DAY):
        for match in list(pattern.finditer(rest)):
            has_date = True
            dates += list(_dates(match.groupdict(), today))
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
            left, right = int(parts["one"] or 0), int(parts["two"] or 0)
            pairs = [(left, right)] if parts["sign"] == "." else [(left, right), (right, left)]
        for day, month in pairs:
            try:
                yield date(year, month, day)
            except ValueError:
                continue


def _years(typed: str, today: date) -> list[int]:
    if len(typed) == 4:
        return [int(typed)]
    return [year for year in (1900 + int(typed), 2000 + int(typed)) if year <= today.year]


def kept_words(given: str, family: str, *, number: str) -> frozenset[str]:
    """The words a record is found by, each from its beginning: its names in whole and in part, its number.

    A number's words begin with `#`, which no name's does. A word that begins another is left out.
    """
    wholes = (f"{given} {family}", given, family)
    parts = [part for name in (given, family) for part in (*name.split(), *_PARTS.split(name))]
    inner = [name[at:] for name in (given, family) for at, sign in enumerate(name) if _is_ideograph(sign)]
    names = sorted({word for text in (*wholes, *parts, *inner) if (word := _shortened(folded(text)))})
    longest = {word for word, following in pairwise([*names, ""]) if not following.startswith(word)}
    return frozenset(longest) | _numbers(number)


def _numbers(number: str) -> frozenset[str]:
    """A record number as it is written, and without its letters and the zeros before it."""
    known = _NUMBER.match(number)
    short = {known["digits"], known["letters"].casefold() + known["digits"]} if known else set()
    return frozenset(f"#{_shortened(word)}" for word in (number.casefold(), *short))


def _shortened(word: str) -> str:
    return word[:LONGEST_WORD]


def _is_ideograph(sign: str) -> bool:
    """Whether a name may be looked for from this sign on: scripts that write no spaces between words."""
    return unicodedata.category(sign) == "Lo" and unicodedata.east_asian_width(sign) in "WF"


@dataclass(frozen=True, slots=True)
class WordSought:
    """One typed word: what a name may begin with, the numbers it may be, the year of birth it may be."""

    start: str
    numbers: frozenset[str]
    year: int | None

    @property
    def after(self) -> str:
        """The first word, in the order of code points, that does not begin so any more."""
        return self.start[:-1] + chr(ord(self.start[-1]) + 1)


def sought(word: str) -> WordSought:
    """What one typed word may mean."""
    number = _NUMBER.match(word)
    written = word.casefold() if number is None else number["letters"].casefold() + number["digits"]
    numbers = frozenset(f"#{_shortened(one)}" for one in (written, word.casefold()))
    year = int(word) if len(word) == 4 and word.isascii() and word.isdigit() else 0
    return WordSought(_shortened(folded(word)), numbers, year if year >= OLDEST_YEAR else None)


def fits(asked: SearchTerms, person: Known) -> bool:
    """Whether the person fits everything that was asked for."""
    if not asked or (asked.has_date and person.birth_date not in asked.dates):
        return False
    return all(_word_fits(sought(word), person) for word in asked.words)


def _word_fits(word: WordSought, person: Known) -> bool:
    begins = bool(word.start) and any(kept.startswith(word.start) for kept in person.words)
    return begins or bool(word.numbers & person.words) or word.year == person.birth_date.year
