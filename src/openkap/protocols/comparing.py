"""What a version of a protocol says otherwise than the one before it, row by row. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from openkap.protocols.pack import Pack
from openkap.protocols.rows import Row


class RowChangeKind(StrEnum):
    """What became of a row."""

    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row that says something else: its name, and what it said and says."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that is not as it was. `row` is the row as it is now, or as it was where it is gone."""

    kind: RowChangeKind
    section: str
    row: Row
    differs: tuple[FieldChange, ...] = ()


def changes_between(old: Pack, new: Pack) -> tuple[RowChange, ...]:
    """Every row of which the two say something else: what changed, what is gone, and then what is new."""
    before, now = dict(_by_place(old)), dict(_by_place(new))
    both = ((before[place][1], *now[place]) for place in now if place in before)
    changed = (
        RowChange(RowChangeKind.CHANGED, section, row, differs)
        for earlier, section, row in both
        if (differs := _differs(earlier, row))
    )
    gone = (RowChange(RowChangeKind.GONE, *before[place]) for place in before if place not in now)
    new_rows = (RowChange(RowChangeKind.NEW, *now[place]) for place in now if place not in before)
    return (*changed, *gone, *new_rows)


def _by_place(pack: Pack) -> Iterator[tuple[tuple[str, str], tuple[str, Row]]]:
    """Each row by what it is a row of and by its id: an id stands once in a kind of rows."""
    for section, rows in pack.rows():
        for row in rows:
            yield (type(row).__name__, row.id), (section, row)


def _differs(before: Row, after: Row) -> tuple[FieldChange, ...]:
    pairs = ((it.name, getattr(before, it.name), getattr(after, it.name)) for it in fields(after))
    return tuple(FieldChange(name, old, new) for name, old, new in pairs if old != new)
