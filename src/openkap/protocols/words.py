"""What a row of a protocol holds, in words: for a page that sets two versions side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from openkap.kernel.evidence import Source, Status
from openkap.kernel.quantity import Quantity, plain
from openkap.kernel.wording import translated
from openkap.protocols.comparing import RowChange
from openkap.protocols.forms import field_words


@dataclass(frozen=True, slots=True)
class ChangeInWords:
    """A row that is not as it was: which, and each field as it was and as it is."""

    kind: str
    section: str
    row_id: str
    text: str
    stands: str
    differs: tuple[tuple[str, str, str], ...]


def in_words(changes: Iterable[RowChange]) -> list[ChangeInWords]:
    """The changes as a page sets them side by side."""
    return [
        ChangeInWords(
            kind=it.kind.value,
            section=translated(it.section),
            row_id=it.row.id,
            text=it.row.text,
            stands="; ".join([it.row.status.words, *(source.what for source in it.row.sources)]),
            differs=tuple(
                (field_words(one.name), value_words(one.before), value_words(one.after)) for one in it.differs
            ),
        )
        for it in changes
    ]


def value_words(value: Any) -> str:
    """One value of a row; what is not there is said to be nothing."""
    if value is None or value == "" or value == () or value == frozenset():
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return plain(value)
    return _of_kind(value)


def _of_kind(value: Any) -> str:
    if isinstance(value, Status):
        return value.words
    if isinstance(value, Source):
        return value.what
    if isinstance(value, Enum):
        return str(value.value).replace("_", " ")
    if isinstance(value, frozenset):
        return "; ".join(sorted(map(value_words, value)))
    if isinstance(value, Mapping):
        return "; ".join(f"{field_words(name)}: {value_words(it)}" for name, it in sorted(value.items()))
    if isinstance(value, tuple | list):
        return "; ".join(map(value_words, value))
    if is_dataclass(value) and not isinstance(value, Quantity):
        return ", ".join(
            f"{field_words(it.name)}: {value_words(getattr(value, it.name))}" for it in fields(value)
        )
    return str(value)
