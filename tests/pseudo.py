"""A language nobody speaks: every translated sentence comes back between marks, and longer by two fifths.

Text outside the marks was never translated; a line that breaks here breaks in German too.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.safestring import SafeData, mark_safe

OPEN, CLOSE = "⟦", "⟧"
LONGER = 0.4  # of the letters a reader sees; the usual growth from English to German or Spanish
_NOT_READ = re.compile(r"%\(\w+\)s|%s|%d|%%|\{[^{}]*\}|<[^<>]*>|&\w+;")
_MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


def said(text: str) -> str:
    """The sentence in the language nobody speaks; its places and tags stay what they are."""
    if not re.search(r"[^\W\d_]", text) or OPEN in text:
        return text
    letters = len(_NOT_READ.sub("", text))
    longer = f"{OPEN}{text}{'·' * max(1, round(letters * LONGER))}{CLOSE}"
    return mark_safe(longer) if isinstance(text, SafeData) else longer  # noqa: S308 - as Django's gettext does


def outside(text: str) -> str:
    """What of a text is not translated: all that stands outside the marks."""
    before = None
    while before != text:
        before, text = text, _MARKED.sub(" ", text)
    return text


def speak(monkeypatch: Any) -> None:
    """Let everything that asks Django for a translation get this language, for one test."""
    from django.utils.translation import _trans

    monkeypatch.setattr(_trans, "gettext", said, raising=False)
    monkeypatch.setattr(_trans, "pgettext", lambda context, text: said(text), raising=False)
    monkeypatch.setattr(
        _trans, "ngettext", lambda one, many, number: said(one if number == 1 else many), raising=False
    )
    monkeypatch.setattr(
        _trans,
        "npgettext",
        lambda context, one, many, number: said(one if number == 1 else many),
        raising=False,
    )
