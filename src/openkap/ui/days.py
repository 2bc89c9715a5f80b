"""How a day is written on pages and papers: in the reader's language, in the order of the clinic's country.

The month stands first where the clinic's country says it so and the page is in English; a month is always a
word, so that no day is ever read as another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

_month_first: ContextVar[bool] = ContextVar("month_first", default=False)
# Each way in which a day is written, as Django's `date_format` takes it, and the same with the month first.
ORDERS = {
    "j M": "M j",
    "j M Y": "M j, Y",
    "D j M": "D, M j",
    "D j M Y": "D, M j, Y",
    "l j F": "l, F j",
    "l j F Y": "l, F j, Y",
    "D j M Y, H:i": "D, M j, Y, H:i",
}


@contextmanager
def in_order(*, month_first: bool) -> Iterator[None]:
    """Write days so, for the length of the block."""
    token = _month_first.set(month_first)
    try:
        yield
    finally:
        _month_first.reset(token)


def write_day(day: date, pattern: str) -> str:
    """The day in one of the ways of `ORDERS`."""
    month_first = ORDERS[pattern]
    return date_format(day, month_first if _month_first.get() and _is_english() else pattern)


def _is_english() -> bool:
    return (get_language() or "en").startswith("en")
