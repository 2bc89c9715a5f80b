"""Letters as text: the parts of a C-CDA (HL7 CDA R2) a person reads, or the lines of a plain text.

Nothing in them is interpreted. XML with a document type is not opened: it could name files
or grow without end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from openkap.kernel.text import as_sent

LINES_MAX = 5_000
BYTES_SHOWN_MAX = 4_000_000
DEPTH_MAX = 200
_NEW_LINE = {"paragraph", "tr", "item", "caption", "title", "list", "table", "br", "content", "section"}
_CELL = {"td", "th"}
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a letter: its heading and its lines."""

    heading: str
    lines: tuple[str, ...]


def parts_of(content: bytes) -> list[Part] | None:
    """The parts a person can read on a page; None when the bytes are no text that can be shown."""
    if len(content) > BYTES_SHOWN_MAX:
        return None
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.lstrip(b" \t\r\n").startswith(b"<"):
        root = _xml(content)
        return None if root is None else _parts(root)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else [Part("", _lines(text))]


def _xml(content: bytes) -> ElementTree.Element | None:
    # Expat takes only encodings in which markup has the bytes of ASCII; UTF-16 has null bytes.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        return None
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - no document type gets this far
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError):
        return None


def _parts(root: ElementTree.Element) -> list[Part]:
    """Title and text of every section; of a document without sections, all its words."""
    sections = [it for it in root.iter() if _tag(it) == "section"]
    parts = []
    for section in sections:
        title = next((it for it in section if _tag(it) == "title"), None)
        text = next((it for it in section if _tag(it) == "text"), None)
        heading = " ".join(_lines(_words(title))) if title is not None else ""
        lines = _lines(_words(text)) if text is not None else ()
        if heading or lines:
            parts.append(Part(heading, lines))
    return parts or [Part("", _lines(_words(root)))]


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _words(element: ElementTree.Element, *, level: int = 0) -> str:
    """The element's words, a line for each paragraph, row and item; the cells of a row parted by a bar."""
    if level > DEPTH_MAX:
        return ""
    inside = [_flat(element.text)]
    for child in element:
        tag, words = _tag(child), _words(child, level=level + 1)
        inside.append(f"\n{words}\n" if tag in _NEW_LINE else f"{words} | " if tag in _CELL else words)
        inside.append(_flat(child.tail))
    return "".join(inside)


def _flat(text: str | None) -> str:
    return _BLANKS.sub(" ", text or "")


def _lines(text: str) -> tuple[str, ...]:
    lines = [as_sent(line).strip(" |") for line in text.splitlines()]
    return tuple(line for line in lines if line)[:LINES_MAX]
