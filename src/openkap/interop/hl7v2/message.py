"""Read one HL7 v2 message: delimiters from its own MSH, escapes, repetitions, components.

The parser either gives a `Message` or raises `NotHL7` with what was wrong in words. It never
raises anything else, whatever the bytes: fuzzing holds it to that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from openkap.interop.hl7v2 import charsets
from openkap.interop.hl7v2.charsets import NULL

SEGMENTS_MAX = 5_000
FIELDS_MAX = 500
_SEGMENT_NAME = re.compile(r"[A-Z][A-Z0-9]{2}\Z")


class NotHL7(ValueError):
    """No HL7 v2 message that can be read. Carries why, and the control id when that was readable."""

    def __init__(self, reason: str, control_id: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.control_id = control_id


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The five signs a message declares for itself in MSH-1 and MSH-2, and its character set (MSH-18)."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Hl7Segment:
    """One line of a message. Fields count from 1, as the standard counts them."""

    name: str
    fields: tuple[str, ...]
    delimiters: Delimiters

    def raw(self, field: int) -> str:
        """The field as sent; empty when the line ends before it."""
        return self.fields[field - 1] if 0 < field <= len(self.fields) else ""

    def repetitions(self, field: int) -> tuple[str, ...]:
        """The field's repetitions as sent; none when it is empty."""
        raw = self.raw(field)
        return tuple(raw.split(self.delimiters.repetition)) if raw else ()

    def parts(self, field: int) -> tuple[str, ...]:
        """The components of the first repetition, unescaped."""
        first = self.repetitions(field)[:1]
        return (
            tuple(self.unescaped(part) for part in first[0].split(self.delimiters.component)) if first else ()
        )

    def part(self, field: int, component: int = 1) -> str:
        """One component of the first repetition, unescaped and trimmed; empty when it is not there."""
        parts = self.parts(field)
        return parts[component - 1].strip() if component <= len(parts) else ""

    def given(self, field: int, component: int = 1) -> str:
        """One component that names something. The HL7 null, two quotation marks, names nothing."""
        component_text = self.part(field, component)
        return "" if component_text == NULL else component_text

    def codes(self, field: int) -> frozenset[str]:
        """What each repetition of a coded field says: its code and its alternate code."""
        coded = set()
        for repetition in self.repetitions(field):
            parts = repetition.split(self.delimiters.component)
            coded |= {self.unescaped(part).strip() for part in (*parts[:1], *parts[3:4])}
        return frozenset(coded - {"", NULL})

    def unescaped(self, text: str) -> str:
        """The text with the message's own escapes undone; an unknown escape stays as sent."""
        sign = self.delimiters.escape
        if not sign or sign not in text:
            return text
        pattern = re.compile(re.escape(sign) + r"([^" + re.escape(sign) + r"]{1,64})" + re.escape(sign))
        return pattern.sub(lambda escape: self._meaning(escape.group(1), escape.group(0)), text)

    def _meaning(self, escape: str, as_sent: str) -> str:
        plain = {
            "F": self.delimiters.field,
            "S": self.delimiters.component,
            "R": self.delimiters.repetition,
            "E": self.delimiters.escape,
            "T": self.delimiters.subcomponent,
            ".br": "\n",
        }
        if escape in plain:
            return plain[escape]
        if re.fullmatch(r"X([0-9A-Fa-f]{2})+", escape):
            try:
                return keepable(bytes.fromhex(escape[1:]).decode(self.delimiters.charset))
            except UnicodeDecodeError:
                return as_sent
        return as_sent


@dataclass(frozen=True, slots=True)
class Hl7Message:
    """A whole message, its segments in the order they came."""

    segments: tuple[Hl7Segment, ...]

    @property
    def header(self) -> Hl7Segment:
        """MSH; every message has exactly this one first."""
        return self.segments[0]

    @property
    def control_id(self) -> str:
        """MSH-10, which the acknowledgement must echo."""
        return self.header.part(10)

    @property
    def kind(self) -> str:
        """Message code and trigger, as in ORU^R01."""
        return "^".join(part for part in (self.header.part(9, 1), self.header.part(9, 2)) if part)

    @property
    def version(self) -> str:
        """MSH-12, as in 2.6."""
        return self.header.part(12)

    def every(self, name: str) -> list[Hl7Segment]:
        """Every segment of that name, in order."""
        return [segment for segment in self.segments if segment.name == name]

    def first(self, name: str) -> Hl7Segment | None:
        """The first segment of that name."""
        return next((segment for segment in self.segments if segment.name == name), None)


def keepable(text: str) -> str:
    """The text as a database can hold it: a null character becomes its picture. The bytes stay as sent."""
    return text.replace("\x00", "\u2400")


def parse(content: bytes) -> Hl7Message:
    """Read the bytes of one frame. Raises only `NotHL7`."""
    content = content.lstrip(b"\r\n")
    delimiters = _delimiters(content)
    control_id = _early_control_id(content, delimiters)
    text, charset = _decoded(content, delimiters, control_id=control_id)
    delimiters = replace(delimiters, charset=charset)
    lines = _lines(keepable(text), delimiters, control_id=control_id)
    if len(lines) > SEGMENTS_MAX:
        raise NotHL7(f"The message has more than {SEGMENTS_MAX} lines.", control_id)
    segments = tuple(
        _segment(line, number, delimiters=delimiters, control_id=control_id)
        for number, line in enumerate(lines, 1)
    )
    if any(segment.name == "MSH" for segment in segments[1:]):
        raise NotHL7("Two messages came in one frame.", control_id)
    message = Hl7Message(segments)
    if not message.control_id:
        raise NotHL7("MSH-10, the control id, is empty: the message cannot be acknowledged by name.")
    return message


def _lines(text: str, delimiters: Delimiters, *, control_id: str) -> list[str]:
    """The segments as sent. A carriage return ends them; where none is used, a line feed does.

    A line feed inside a field belongs to its text. One before what looks like a segment may be either: such a
    message is refused, since a reading would be lost in the text of another line.
    """
    if "\r" not in text:
        return [line for line in text.split("\n") if line]
    lines = [line.strip("\n") for line in text.split("\r")]
    looks_like_one = re.compile(r"\n[A-Z][A-Z0-9]{2}" + re.escape(delimiters.field))
    if any(looks_like_one.search(line) for line in lines):
        raise NotHL7("Some lines end with a carriage return and some with a line feed.", control_id)
    return [line for line in lines if line]


def _delimiters(content: bytes) -> Delimiters:
    head = content[:9].decode("latin-1")
    if head.startswith(("FHS", "BHS")):
        raise NotHL7("The message is wrapped in a batch; send it on its own.")
    if not head.startswith("MSH"):
        raise NotHL7("The message does not begin with MSH.")
    if len(head) < 8:
        raise NotHL7("The message ends inside its first field.")
    field, rest = head[3], head[4:]
    signs = rest.split(field, 1)[0]
    if len(signs) not in (4, 5) or len({field, *signs}) != len(signs) + 1:
        raise NotHL7("MSH-2 does not name four different delimiters.")
    if any(sign.isalnum() or sign.isspace() or ord(sign) < 33 for sign in (field, *signs)):
        raise NotHL7("A letter, digit or blank cannot be a delimiter.")
    return Delimiters(field, signs[0], signs[1], signs[2], signs[3])


def _first_line(content: bytes) -> list[bytes]:
    return re.split(rb"[\r\n]", content[:4_000], maxsplit=1)[0].split(bytes([content[3]]))


def _early_control_id(content: bytes, delimiters: Delimiters) -> str:
    """The control id read before anything else, so that a refusal can still name the message."""
    fields = _first_line(content)
    text = fields[9].decode("latin-1").strip() if len(fields) > 9 else ""
    return text if text.isprintable() and len(text) <= 199 and delimiters.component not in text else ""


def _decoded(content: bytes, delimiters: Delimiters, *, control_id: str) -> tuple[str, str]:
    """The text and the character set it was read in. What is plain ASCII is the same in every set."""
    fields = _first_line(content)
    declared = fields[17].decode("latin-1") if len(fields) > 17 else ""
    named = charsets.first_named(declared, repetition=delimiters.repetition)
    known = charsets.python_name(named)
    if content.isascii() and not charsets.switches(content):
        return content.decode("ascii"), known or "utf-8"
    if known is None:
        raise NotHL7(f"MSH-18 names a character set that is not supported: {named[:40]!r}.", control_id)
    try:
        return content.decode(known), known
    except UnicodeDecodeError as error:
        if not named:
            return content.decode("iso8859-1"), "iso8859-1"
        raise NotHL7(f"Byte {error.start} is not {named}, which MSH-18 promises.", control_id) from error


def _segment(line: str, number: int, *, delimiters: Delimiters, control_id: str) -> Hl7Segment:
    name, _, rest = line.partition(delimiters.field)
    if not _SEGMENT_NAME.match(name):
        raise NotHL7(f"Line {number} does not begin with a segment name.", control_id)
    fields = tuple(rest.split(delimiters.field))
    if len(fields) > FIELDS_MAX:
        raise NotHL7(f"Line {number} has more than {FIELDS_MAX} fields.", control_id)
    if name == "MSH":
        fields = (delimiters.field, *fields)
    return Hl7Segment(name, fields, delimiters)
