"""The hash chain. Pure: the same text gives the same hash here and in the database.

h(n) = SHA-256( h(n-1) ‖ n as decimal text ‖ body in UTF-8 ); before the first event h is 32 zero bytes.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

START = bytes(32)
INSTALLATION = uuid.UUID(int=0)


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


def link(previous: bytes, seq: int, *, body: str) -> bytes:
    """The hash of one event, given the hash before it."""
    return hashlib.sha256(previous + str(seq).encode() + body.encode()).digest()


def _event(told: dict[str, Any]) -> dict[str, object]:
    return {"verb": told["verb"], "patient_id": told.get("patient")}


def _reading(told: dict[str, Any]) -> dict[str, object]:
    return {"page": told["page"], "about_id": told["about"], "patients": told["patients"]}


CLAIMS = {"events": _event, "readings": _reading}


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One stored event, as the verifier sees it.

    `shown` is what its row says beside the body, by column: pages filter by it, so it must say the same.
    """

    seq: int
    body: str
    hash: bytes
    shown: Mapping[str, object] | None = None
    kind: str = "events"


def disagreements(shown: Mapping[str, object], body: str, *, kind: str) -> list[str]:
    """The columns of a row that say something else than its body, which alone is hashed."""
    try:
        told = json.loads(body)
        claimed = {
            "id": told["id"],
            "clinic_id": told["clinic"],
            "at": datetime.fromisoformat(told["at"]),
            "by_id": told["by"]["id"],
            **CLAIMS[kind](told),
        }
    except (ValueError, KeyError, TypeError):
        return ["body"]
    return [name for name, value in claimed.items() if _text(shown[name]) != value]


def _text(value: object) -> object:
    """A column's value as a body holds it."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value) if isinstance(value, uuid.UUID) else value


def breaks(
    links: Iterable[ChainLink], *, head_seq: int, head_hash: bytes, held: Mapping[int, bytes] | None = None
) -> list[str]:
    """Every place where the chain does not hold: edits, holes, doubles, disorder and a cut tail.

    `held` are the hashes that signed checkpoints hold of this chain, by sequence number: a chain that was
    hashed anew holds in itself, and not against them.
    """
    told: list[str] = []
    previous, expected, awaited = START, 1, dict(held or {})
    for item in links:
        if item.seq != expected:
            told.append(f"Event {expected} is missing or out of order (found {item.seq}).")
        if link(previous, item.seq, body=item.body) != item.hash:
            told.append(f"Event {item.seq} does not match its hash.")
        for name in disagreements(item.shown, item.body, kind=item.kind) if item.shown else ():
            told.append(f"Event {item.seq}: its column {name} does not say what its body says.")
        if awaited.pop(item.seq, item.hash) != item.hash:
            told.append(f"Event {item.seq} is not the one a signed checkpoint holds.")
        previous, expected = item.hash, item.seq + 1
    if expected - 1 != head_seq or previous != head_hash:
        told.append(f"The chain ends at {expected - 1}; its head says {head_seq}.")
    if awaited and max(awaited):
        text = f"A signed checkpoint holds {max(awaited)} events, and the chain has {expected - 1}."
        told.append(text)
    return told
