"""A new version of a protocol shows row by row what it says otherwise than the one before it (H44)."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.kernel.evidence import Source, Status
from openkap.protocols import loading
from openkap.protocols.comparing import RowChangeKind, changes_between
from openkap.protocols.words import in_words, value_words

NAMES = sorted(loading.newest_names())


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_is_not_different_from_itself(name: str) -> None:
    pack = loading.load_bundled(name)
    assert changes_between(pack, pack) == ()


@given(st.sampled_from(NAMES), st.data())
def test_a_row_that_was_taken_out_is_gone_and_the_other_way_round_new(name: str, data: st.DataObject) -> None:
    pack = loading.load_bundled(name)
    row = data.draw(st.sampled_from(pack.contraindications))
    without = replace(pack, contraindications=tuple(it for it in pack.contraindications if it is not row))
    (gone,), (new,) = changes_between(pack, without), changes_between(without, pack)
    assert (gone.kind, gone.row, new.kind, new.row) == (RowChangeKind.GONE, row, RowChangeKind.NEW, row)


@given(st.sampled_from(NAMES), st.data())
def test_every_field_of_every_kind_of_row_is_compared(name: str, data: st.DataObject) -> None:
    """What acts must not change unseen: each field of a row is set beside what it was."""
    pack = loading.load_bundled(name)
    row = data.draw(st.sampled_from(pack.contraindications))
    other = replace(row, text="Something else", status=Status.BACKGROUND, sources=())
    rows = tuple(other if it is row else it for it in pack.contraindications)
    (change,) = changes_between(pack, replace(pack, contraindications=rows))
    expected = {"text": "Something else", "status": Status.BACKGROUND, "sources": ()}
    differing = {key: value for key, value in expected.items() if getattr(row, key) != value}
    assert {it.name: it.after for it in change.differs} == differing
    assert {it.name: it.before for it in change.differs} == {key: getattr(row, key) for key in differing}


def test_the_second_version_says_what_it_changed_of_the_first() -> None:
    first, second = (loading.load_bundled(f"iv-depression-{number}") for number in (1, 2))
    changes = changes_between(first, second)
    rows = {(type(row).__name__, row.id) for _, section in second.rows() for row in section}
    told = {(type(it.row).__name__, it.row.id) for it in changes if it.kind is not RowChangeKind.GONE}
    before = {(type(row).__name__, row.id) for _, section in first.rows() for row in section}
    assert rows - before <= told


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        ((), "nothing"),
        (True, "yes"),
        (False, "no"),
        (Decimal("0.50"), "0.5"),
        (Decimal("0"), "0"),
        (0, "0"),
        (("a", Decimal("1.0")), "a; 1"),
        (frozenset({"b", "a"}), "a; b"),
        (Status.VERIFIED, "verified in its source"),
        (Source(key="k", what="A paper, 2024"), "A paper, 2024"),
    ],
)
def test_a_value_is_told_in_words(value: object, words: str) -> None:
    assert value_words(value) == words


@pytest.mark.parametrize("name", NAMES)
def test_no_value_of_any_row_is_told_as_a_program_writes_it(name: str) -> None:
    """Every field of every row, as it would stand in the comparison."""
    pack = loading.load_bundled(name)
    empty = replace(pack, contraindications=(), interactions=(), thresholds=())
    for change in in_words(changes_between(empty, pack)):
        assert change.kind == "new"
        assert change.text
    for _, section in pack.rows():
        for row in section:
            told = [value_words(getattr(row, it)) for it in row.__dataclass_fields__]
            assert not [words for words in told if re.search(r"\w\(\w+=|<\w+[.:]|Decimal\(|\{'", words)]
