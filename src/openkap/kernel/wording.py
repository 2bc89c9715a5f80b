"""Sentences for people: written once, in English, and rendered at the edge in the reader's language.

The kernel knows no translation library, no clinic's clock and no names of months. `ui` hands them in
(`render_with`). `sentence` marks the texts that a translator must find: pure modules import it as `_`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from string import Formatter
from typing import Any

from openkap.kernel.quantity import plain

Translate = Callable[[str], str]
Localise = Callable[[datetime], datetime]
WriteDay = Callable[[date, str], str]


@dataclass(frozen=True, slots=True)
class _Edge:
    translate: Translate
    localise: Localise
    write_day: WriteDay


_edge: list[_Edge] = []
# How a day may be written: as Django's `date_format` takes it, and as `strftime` does without an edge.
DAYS = {
    "short": ("j M", "%-d %b"),
    "long": ("D j M Y", "%a %-d %b %Y"),
    "born": ("j M Y", "%-d %b %Y"),
    "weekday": ("l j F", "%A %-d %B"),
    "day": ("D j M Y, H:i", "%a %-d %b %Y, %H:%M"),
}


class Worded(Enum):
    """The base of what has one sentence a member: two of the same words would silently be one member."""

    def __init_subclass__(cls) -> None:
        aliases = sorted(name for name, member in cls.__members__.items() if name != member.name)
        if aliases:
            raise TypeError(f"{cls.__name__}: {aliases} say what another member says.")


class Phrase(Worded):
    """The base of an app's phrases: words that stand inside a sentence, and are translated by themselves."""


def sentence(text: str) -> str:
    """Mark a text for the translator. It stays what it is; `render` translates it."""
    return text


def render_with(*, translate: Translate, localise: Localise, write_day: WriteDay) -> None:
    """Render in this language, by this clock, and with these names of months, from now on."""
    _edge[:] = [_Edge(translate, localise, write_day)]


def placeholders(text: str) -> frozenset[str]:
    """The names a sentence has places for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def render(text: str, params: Mapping[str, Any]) -> str:
    """The sentence in the reader's language, with what it speaks of."""
    return translated(text).format(**{name: _Shown(value) for name, value in params.items()})


class _Shown:
    """A value in a place of a sentence. `{since:day}` shows a moment with its day, `{on:weekday}` a day."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __format__(self, how: str) -> str:
        if not how:
            return shown(self._value)
        return in_words(self._value, how)


def in_words(day: date, how: str = "long") -> str:
    """A day as the reader's language writes it, one way of `DAYS`; of a moment, the clinic's day."""
    if how not in DAYS or not isinstance(day, date) or (how == "day" and not isinstance(day, datetime)):
        raise ValueError(f"A sentence shows nothing as {how!r}.")
    pattern, plainly = DAYS[how]
    if isinstance(day, datetime) and _edge:
        day = _edge[0].localise(day)
    return _edge[0].write_day(day, pattern) if _edge else day.strftime(plainly)


def translated(text: str) -> str:
    """A text in the reader's language."""
    return _edge[0].translate(text) if _edge and text else text


def shown(value: Any) -> str:
    """A value as a sentence shows it. A member of an enum is a phrase, and translated."""
    if isinstance(value, Enum):
        return translated(str(value.value))
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return f"{_edge[0].localise(value) if _edge else value:%H:%M}"
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(map(shown, value)))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(shown, value))
    if hasattr(value, "text"):  # an objection or a statement, said inside another
        return str(value.text)
    return str(value)
