"""Signed checkpoints: where every chain ended, said hourly to a place outside this machine.

A chain shows an edit of one event. It cannot show that its end was cut off together with its head, that it
was deleted whole, or that somebody who owns the database hashed it anew. A checkpoint can: it holds the
number and the hash of each chain's last event, signed (Ed25519) with a key the database's owner does not
have. Each names the hash of the one before, so that none can be left out. After a restore the record may end
earlier than was signed: the first checkpoint then says so, and what it takes back counts no more. Pure: texts
and keys in, texts and sentences out.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openkap.audit.chain import canonical

FIRST = bytes(32)


class BadCheckpoint(ValueError):
    """The text is no checkpoint of ours. The message says why."""


@dataclass(frozen=True, slots=True)
class End:
    """Where one chain ended: the number of its last event and that event's hash."""

    chain: uuid.UUID
    kind: str
    seq: int
    hash: bytes

    @property
    def of(self) -> tuple[uuid.UUID, str]:
        """Which chain it is: a clinic's events, or its readings."""
        return (self.chain, self.kind)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The ends of all chains at one moment. `previous` is the hash of the text of the checkpoint before.

    `restored` is the moment the record was put back to, when this one was made by a restore.
    """

    number: int
    at: datetime
    previous: bytes
    ends: tuple[End, ...]
    restored: datetime | None = None


def text_hash(text: str) -> bytes:
    """What the next checkpoint names this one by."""
    return hashlib.sha256(text.encode()).digest()


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as one line of text with its signature."""
    told = {
        "number": checkpoint.number,
        "at": checkpoint.at,
        "previous": checkpoint.previous.hex(),
        "ends": [
            {"chain": end.chain, "kind": end.kind, "seq": end.seq, "hash": end.hash.hex()}
            for end in sorted(checkpoint.ends, key=lambda end: end.of)
        ],
    }
    if checkpoint.restored is not None:
        told["restored"] = checkpoint.restored
    signature = key.sign(canonical(told).encode())
    return canonical({"checkpoint": told, "signature": signature.hex()})


def read(text: str, *, public: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint a text holds, when our key signed it; else `BadCheckpoint`."""
    try:
        outer = json.loads(text)
        told = outer["checkpoint"]
        public.verify(bytes.fromhex(outer["signature"]), canonical(told).encode())
        ends = tuple(
            End(uuid.UUID(one["chain"]), str(one["kind"]), int(one["seq"]), bytes.fromhex(one["hash"]))
            for one in told["ends"]
        )
        at, previous = datetime.fromisoformat(told["at"]), bytes.fromhex(told["previous"])
        restored = datetime.fromisoformat(told["restored"]) if "restored" in told else None
        return Checkpoint(int(told["number"]), at, previous, ends, restored)
    except InvalidSignature as error:
        raise BadCheckpoint("its signature is not of this installation's key") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadCheckpoint("it cannot be read") from error


@dataclass(frozen=True, slots=True)
class CheckpointSeries:
    """Checkpoints read in order, and what was wrong with them."""

    checkpoints: tuple[Checkpoint, ...]
    problems: tuple[str, ...]

    @property
    def last(self) -> Checkpoint | None:
        """The newest one."""
        return self.checkpoints[-1] if self.checkpoints else None

    def held(self) -> dict[tuple[uuid.UUID, str], dict[int, bytes]]:
        """The hashes they hold of each chain, by the number of the event; not those a restore took back."""
        checkpoints: dict[tuple[uuid.UUID, str], dict[int, bytes]] = {}
        for checkpoint in self.checkpoints:
            if checkpoint.restored is not None:
                ends = {end.of: end.seq for end in checkpoint.ends}
                checkpoints = {
                    chain: {seq: hash_ for seq, hash_ in held.items() if seq <= ends[chain]}
                    for chain, held in checkpoints.items()
                    if chain in ends
                }
            for end in checkpoint.ends:
                checkpoints.setdefault(end.of, {})[end.seq] = end.hash
        return checkpoints

    def restores(self) -> list[str]:
        """Each restore they tell of, in a sentence."""
        return [
            f"restored on {it.at:%Y-%m-%d %H:%M} UTC to the state of {it.restored:%Y-%m-%d %H:%M} UTC"
            for it in self.checkpoints
            if it.restored is not None
        ]


def read_series(texts: Iterable[tuple[str, str]], *, public: Ed25519PublicKey) -> CheckpointSeries:
    """Read named texts in order: each is signed, follows the one before, and none is missing between.

    The first may have a number above 1: old ones may have been cleared away.
    """
    series: list[Checkpoint] = []
    problems, before = list[str](), None
    for name, text in texts:
        try:
            entry = read(text, public=public)
        except BadCheckpoint as error:
            problems.append(f"The checkpoint {name} does not hold: {error}.")
            before = None
            continue
        if series and entry.number != series[-1].number + 1:
            problems.append(f"Checkpoints are missing between {series[-1].number} and {entry.number}.")
        elif before is not None and entry.previous != before:
            problems.append(f"Checkpoint {entry.number} does not follow the {entry.number - 1} that is here.")
        problems += _shrunk(series[-1] if series else None, entry)
        series.append(entry)
        before = text_hash(text)
    return CheckpointSeries(tuple(series), tuple(problems))


def _shrunk(before: Checkpoint | None, it: Checkpoint) -> list[str]:
    """Chains that became shorter, or disappeared, between two checkpoints without a restore that says so."""
    if before is None or it.restored is not None:
        return []
    now = {end.of: end.seq for end in it.ends}
    return [
        f"Between checkpoint {before.number} and {it.number} the chain {end.kind} of {end.chain} "
        + ("disappeared." if end.of not in now else f"shrank from {end.seq} to {now[end.of]}.")
        for end in before.ends
        if now.get(end.of, -1) < end.seq
    ]
