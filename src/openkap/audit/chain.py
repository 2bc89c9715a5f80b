"""The hash chain. Pure: the same text gives the same hash here and in the database.

h(n) = SHA-256( h(n-1) ‖ n as decimal text ‖ body in UTF-8 ); before the first event h is 32 zero bytes.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

START = bytes(32)
HOUSE = uuid.UUID(int=0)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    raise TypeError(f"An audit record cannot hold a {type(value).__name__}.")


def canonical(body: dict[str, Any]) -> str:
    """One text for one content: sorted keys, no spaces, no NaN."""
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    )


def link(previous: bytes, seq: int, body: str) -> bytes:
    """The hash of one event, given the hash before it."""
    return hashlib.sha256(previous + str(seq).encode() + body.encode()).digest()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event, as the verifier sees it."""

    seq: int
    body: str
    hash: bytes


def breaks(links: Iterable[Link], *, head_seq: int, head_hash: bytes) -> list[str]:
    """Every place where the chain does not hold: edits, holes, doubles, disorder and a cut tail."""
    found: list[str] = []
    previous, expected = START, 1
    for item in links:
        if item.seq != expected:
            found.append(f"Event {expected} is missing or out of order (found {item.seq}).")
        if link(previous, item.seq, item.body) != item.hash:
            found.append(f"Event {item.seq} does not match its hash.")
        previous, expected = item.hash, item.seq + 1
    if expected - 1 != head_seq or previous != head_hash:
        found.append(f"The chain ends at {expected - 1}; its head says {head_seq}.")
    return found
