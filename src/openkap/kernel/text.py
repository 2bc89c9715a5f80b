"""Text from outside: every script as it was sent, and nothing that only a machine would see."""

from __future__ import annotations

import unicodedata

# Marks that turn the order of the letters around a name: they can make one name look like another.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_LETTERS = frozenset({"Cc", "Zl", "Zp"})


def as_sent(text: str) -> str:
    """The text with its joiners and marks, in any script; control characters become blanks.

    Unicode's joiners (U+200C, U+200D) are letters' work in Persian, Malayalam and others, and stay.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(_kept(sign) for sign in text).strip()


def _kept(sign: str) -> str:
    if sign in _TURNING:
        return ""
    kind = unicodedata.category(sign)
    if kind == "Cs":
        return "\ufffd"
    return " " if kind in _NO_LETTERS else sign
