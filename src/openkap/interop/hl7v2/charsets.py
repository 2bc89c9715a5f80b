"""The character sets of MSH-18, by the names HL7 gives them and by those senders use instead.

Sources: HL7 v2 table 0211 (8859/1 to 8859/15, UNICODE UTF-8, GB 18030-2000, BIG-5, KS X 1001) and the names
it took over from DICOM (ISO IR100); the IANA names of the same sets.
"""

from __future__ import annotations

import re

NULL = '""'
_LATIN = {
    "1": ("iso8859-1", "100"),
    "2": ("iso8859-2", "101"),
    "3": ("iso8859-3", "109"),
    "4": ("iso8859-4", "110"),
    "5": ("iso8859-5", "144"),
    "6": ("iso8859-6", "127"),
    "7": ("iso8859-7", "126"),
    "8": ("iso8859-8", "138"),
    "9": ("iso8859-9", "148"),
    "15": ("iso8859-15", "203"),
}
_NAMES = {
    "": "utf-8",
    "ascii": "ascii",
    "usascii": "ascii",
    "isoir6": "ascii",
    "unicode": "utf-8",
    "utf8": "utf-8",
    "unicodeutf8": "utf-8",
    "isoir192": "utf-8",
    "gb180302000": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "ksx1001": "euc_kr",
    "windows1252": "cp1252",
    **{f"8859{part}": name for part, (name, _) in _LATIN.items()},
    **{f"iso8859{part}": name for part, (name, _) in _LATIN.items()},
    **{f"isoir{register}": name for name, register in _LATIN.values()},
}
_ESCAPE = 0x1B  # how ISO 2022 switches sets in the middle of a text


def first_named(declared: str, *, repetition: str) -> str:
    """The set a message is written in: the first of MSH-18; empty when it names none."""
    name = declared.split(repetition)[0].strip()
    return "" if name == NULL else name.upper()


def python_name(named: str) -> str | None:
    """The set by the name Python reads it by; None when it is not one that is read."""
    return _NAMES.get(re.sub(r"[^a-z0-9]", "", named.casefold()) if named else "")


def switches(content: bytes) -> bool:
    """Whether the bytes may switch to another set on the way."""
    return _ESCAPE in content
