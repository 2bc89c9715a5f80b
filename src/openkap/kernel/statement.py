"""Statements: what this software says in the record, kept as a code and what it speaks of. Pure.

An app lists its statements in `statements.py`, an enum as `reasons.py` is one. A mark, an alert or a value
that is not charted keeps the member's name and the parameters; the sentence is rendered when somebody reads
it, in the reader's language and by the clinic's clock.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from openkap.kernel.wording import Phrase, Worded, placeholders, render, shown


class Statement(Worded):
    """The base of every app's statements. `AppStatement.NOT_HEARD(monitor="HARBOUR-1")` can be kept."""

    @property
    def sentence(self) -> str:
        """What a person reads, in English, with a place for each parameter."""
        return str(self.value)

    @property
    def key(self) -> str:
        """What the record keeps, and a query looks for."""
        return _name(self)

    def __call__(self, **params: Any) -> Stated:
        """The statement with what it speaks of."""
        if placeholders(self.sentence) != params.keys():
            raise TypeError(f"{self}: the sentence speaks of other things than {sorted(params)}.")
        return Stated(self, params)


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement and what it speaks of."""

    statement: Statement
    params: dict[str, Any] = dataclasses.field(default_factory=dict, hash=False)

    @property
    def code(self) -> str:
        """What programs compare and the record keeps."""
        return self.statement.name

    @property
    def text(self) -> str:
        """The sentence, in the reader's language. For the edge alone."""
        return render(self.statement.sentence, self.params)

    def __str__(self) -> str:
        return self.text

    def kept(self) -> dict[str, Any]:
        """The statement as JSON holds it."""
        spoken_of = {name: _kept(value) for name, value in self.params.items()}
        return {"code": self.statement.key, **({"params": spoken_of} if spoken_of else {})}


class KernelStatement(Statement):
    """What an earlier release wrote out, and what is said of what this release does not know any more."""

    AS_WAS = "{text}"
    UNKNOWN = "{code}: {params}"


def restored(kept: Mapping[str, Any]) -> Stated:
    """The statement as it was kept. What this release does not know is shown by its code, and never lost."""
    params = {name: _restored(value) for name, value in kept.get("params", {}).items()}
    statement = _member(Statement, kept["code"])
    if isinstance(statement, Statement) and placeholders(statement.sentence) == params.keys():
        return Stated(statement, params)
    return KernelStatement.UNKNOWN(code=kept["code"], params=[f"{k} {shown(v)}" for k, v in params.items()])


def _name(member: Enum) -> str:
    return f"{type(member).__name__}.{member.name}"


def _enums(base: type[Enum]) -> Iterator[type[Enum]]:
    for enum in base.__subclasses__():
        yield enum
        yield from _enums(enum)


_known: dict[tuple[type[Enum], str], Enum] = {}


def _member(base: type[Enum], name: str) -> Enum | None:
    """The member of this name. A page reads hundreds of statements, so each is looked for once."""
    if (base, name) not in _known:
        _known.update({(base, _name(member)): member for enum in _enums(base) for member in enum})
    return _known.get((base, name))


def _kept(value: Any) -> Any:
    """A parameter as JSON holds it: text and numbers as they are, the rest under the name of its kind."""
    if isinstance(value, Phrase):
        return {"phrase": _name(value)}
    if isinstance(value, Stated):
        return {"stated": value.kept()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime | date):
        return {"moment" if isinstance(value, datetime) else "day": value.isoformat()}
    if isinstance(value, list | tuple):
        return [_kept(each) for each in value]
    if isinstance(value, bool | int):
        return value
    if isinstance(value, str | uuid.UUID) or hasattr(value, "text"):  # an objection, as it was answered
        return shown(value)
    raise TypeError(f"A statement cannot keep a {type(value).__name__}.")


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(each) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "phrase":
        return _member(Phrase, inner) or inner
    read: Mapping[str, Callable[[Any], Any]] = {
        "stated": restored,
        "decimal": Decimal,
        "moment": datetime.fromisoformat,
        "day": date.fromisoformat,
    }
    return read[kind](inner)
