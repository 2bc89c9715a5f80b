"""Sentences for people: written once, in English, and rendered at the edge in the reader's language.

The kernel knows no translation library and no clinic's clock. `ui` hands both in (`render_with`). `sentence`
marks the texts that a translator must find: an app's `reasons.py` imports it as `_`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from string import Formatter
from typing import Any

from openkap.kernel.quantity import plain

Translate = Callable[[str], str]
Localise = Callable[[datetime], datetime]
_edge: list[tuple[Translate, Localise]] = []


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


def render_with(translate: Translate, localise: Localise) -> None:
    """Render in this language, and by this clock, from now on."""
    _edge[:] = [(translate, localise)]


def placeholders(text: str) -> frozenset[str]:
    """The names a sentence has places for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def render(text: str, params: Mapping[str, Any]) -> str:
    """The sentence in the reader's language, with what it speaks of."""
    return translated(text).format(**{name: _Shown(value) for name, value in params.items()})


class _Shown:
    """A value in a place of a sentence. `{since:day}` shows a moment with its day."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __format__(self, how: str) -> str:
        if not how:
            return shown(self._value)
        if how != "day" or not isinstance(self._value, datetime):
            raise ValueError(f"A sentence shows nothing as {how!r}.")
        return f"{_edge[0][1](self._value) if _edge else self._value:%-d %b, %H:%M}"


def translated(text: str) -> str:
    """A text in the reader's language."""
    return _edge[0][0](text) if _edge and text else text


def shown(value: Any) -> str:
    """A value as a sentence shows it. A member of an enum is a phrase, and translated."""
    if isinstance(value, Enum):
        return translated(str(value.value))
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return f"{_edge[0][1](value) if _edge else value:%H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(map(shown, value)))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(shown, value))
    if hasattr(value, "text"):  # an objection or a statement, said inside another
        return str(value.text)
    return str(value)
