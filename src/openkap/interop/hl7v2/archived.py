"""The messages of a closed session as one body: every field of every message, compressed together. Pure.

A message is mostly what the one before it was, so a thousand of them take little more than what is new in
each. Their keys stand beside the body, and their hashes follow from their contents. A body says by its first
byte how it is to be read; what that means is never changed.
"""

from __future__ import annotations

import json
import lzma
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

_XZ_1 = b"\x01"  # a JSON list of fields by name, XZ
FIELDS = (
    "at", "by_id", "by_name", "by_role", "control_id", "content", "ack", "patient_named", "location",
    "monitor_id", "reading", "demo",
)  # fmt: skip
_KINDS: dict[str, Callable[[str], Any]] = {
    "by_id": uuid.UUID,
    "monitor_id": uuid.UUID,
    "at": datetime.fromisoformat,
}


def body_of(messages: Iterable[dict[str, Any]]) -> bytes:
    """The body of these messages, each its `FIELDS`."""
    rows = [{name: _plain(name, message[name]) for name in FIELDS} for message in messages]
    return _XZ_1 + lzma.compress(json.dumps(rows, separators=(",", ":")).encode())


def messages_in(body: bytes) -> list[dict[str, Any]]:
    """The messages of a body, as they were.

    Raises:
        ValueError: it was written by a version to come.
    """
    if body[:1] != _XZ_1:
        raise ValueError(f"These messages are archived in a way this version does not know ({body[:1]!r}).")
    rows = json.loads(lzma.decompress(body[1:]))
    return [{name: _restored(name, row[name]) for name in FIELDS} for row in rows]


def _plain(name: str, value: Any) -> Any:
    if value is None or name == "reading":
        return value
    if name == "content":
        return bytes(value).decode("latin-1")
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _restored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "content":
        return value.encode("latin-1")
    return _KINDS[name](value) if name in _KINDS else value


def day_sent(content: bytes) -> str:
    """The day a message says it was sent on (MSH-7), as it writes it; "" where it says none."""
    fields = content.split(content[3:4] or b"|", 7)
    return fields[6][:8].decode("latin-1") if len(fields) > 6 else ""
