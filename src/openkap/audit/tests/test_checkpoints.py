"""Checkpoints: signed, in an unbroken row, and against a chain that was rewritten whole."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openkap.audit.chain import START, ChainLink, breaks, link
from openkap.audit.checkpoints import (
    FIRST,
    BadCheckpoint,
    Checkpoint,
    End,
    read,
    read_series,
    signed,
    text_hash,
)
from tests.cast import NOW

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
CHAIN = uuid.UUID(int=9)


def _row(count: int, *, key: Ed25519PrivateKey = KEY, ends: dict[int, int] | None = None) -> list[str]:
    texts, previous = [], FIRST
    for number in range(1, count + 1):
        seq = (ends or {}).get(number, number * 10)
        end = End(CHAIN, "events", seq, bytes([number]) * 32)
        texts.append(signed(Checkpoint(number, NOW + timedelta(hours=number), previous, (end,)), key))
        previous = text_hash(texts[-1])
    return texts


def _named(texts: list[str]) -> list[tuple[str, str]]:
    return [(str(place), text) for place, text in enumerate(texts, 1)]


def test_what_was_signed_is_read_again() -> None:
    (text,) = _row(1)
    it = read(text, public=PUBLIC)
    assert (it.number, it.ends) == (1, (End(CHAIN, "events", 10, b"\x01" * 32),))
    series = read_series(_named(_row(4)), public=PUBLIC)
    assert (len(series.checkpoints), series.problems) == (4, ())
    assert series.held()[CHAIN, "events"] == {10 * n: bytes([n]) * 32 for n in range(1, 5)}


@pytest.mark.parametrize("damage", ["digit", "other key", "cut", "not json", "empty"])
def test_a_text_that_was_changed_or_is_not_ours_does_not_hold(damage: str) -> None:
    (text,) = _row(1)
    changed = {
        "digit": text.replace('"seq":10', '"seq":11'),
        "other key": _row(1, key=Ed25519PrivateKey.generate())[0],
        "cut": text[:-10],
        "not json": "x",
        "empty": "{}",
    }[damage]
    with pytest.raises(BadCheckpoint):
        read(changed, public=PUBLIC)
    assert read_series([("1", changed)], public=PUBLIC).problems


def test_one_left_out_one_put_in_and_one_replaced_are_found() -> None:
    texts = _row(4)
    other = signed(replace(read(texts[1], public=PUBLIC), at=NOW), KEY)
    for row in ([texts[0], *texts[2:]], [texts[0], other, *texts[2:]], [*texts[:2], texts[1], *texts[2:]]):
        assert read_series(_named(row), public=PUBLIC).problems
    assert read_series(_named(texts[2:]), public=PUBLIC).problems == ()


def test_a_chain_that_shrank_or_disappeared_between_two_is_found() -> None:
    assert "shrank from 20 to 5" in read_series(_named(_row(3, ends={3: 5})), public=PUBLIC).problems[0]
    first = signed(Checkpoint(1, NOW, FIRST, (End(CHAIN, "events", 3, START),)), KEY)
    second = signed(Checkpoint(2, NOW, text_hash(first), ()), KEY)
    assert "disappeared" in read_series(_named([first, second]), public=PUBLIC).problems[0]


def _chain(texts: list[str]) -> list[ChainLink]:
    previous, made = START, []
    for seq, text in enumerate(texts, 1):
        previous = link(previous, seq, body=text)
        made.append(ChainLink(seq, text, previous))
    return made


def test_a_chain_hashed_anew_holds_in_itself_and_not_against_a_checkpoint() -> None:
    """Attack K2.3: one body edited and every hash worked out again."""
    true = _chain(["a", "b", "c", "d"])
    forged = _chain(["a", "B", "c", "d"])
    held = {3: true[2].hash}
    ends = {"head_seq": 4, "head_hash": forged[-1].hash}
    assert breaks(forged, **ends) == []
    assert breaks(forged, **ends, held=held) == ["Event 3 is not the one a signed checkpoint holds."]
    assert breaks(true, head_seq=4, head_hash=true[-1].hash, held=held) == []


def test_a_cut_tail_with_its_head_set_back_is_found_against_a_checkpoint() -> None:
    true = _chain(["a", "b", "c", "d"])
    cut = true[:2]
    found = breaks(cut, head_seq=2, head_hash=cut[-1].hash, held={2: cut[-1].hash, 4: true[3].hash})
    assert found == ["A signed checkpoint holds 4 events, and the chain has 2."]
    assert breaks([], head_seq=0, head_hash=START, held={4: true[3].hash}) != []
    assert breaks([], head_seq=0, head_hash=START, held={0: START}) == []
