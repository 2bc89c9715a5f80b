"""Queries of rows by their keys, made once in a process and asked together in one statement.

A page over many apps asks twenty tables about one person or one session. Most of what such a query
costs is making its SQL, and going to the database and back. A `keyed_query` is a function from keys to a
queryset: its SQL is made once for as many keys, and only the keys change. While a page is drawn each is asked
once (`asked`), and `ask_together` asks several of them at once, as the parts of one statement, before the
functions that use them.

What is asked must depend on nothing but its keys: no clock, no clinic's number, no reader. Row-level security
holds as for every statement. `prefetch_related` over rows that point back becomes a part of its own.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from inspect import signature
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models
from django.db.models.fields.reverse_related import ManyToOneRel
from django.db.models.query import ModelIterable

from openkap.tenancy.asked import answered, answers_now

Row = TypeVar("Row", bound=models.Model)
_STANDS_FOR_A_KEY = 0x0FED_0000 << 96


def _stand_in(place: int) -> uuid.UUID:
    """What stands in the SQL for a key until it is asked with one."""
    return uuid.UUID(int=_STANDS_FOR_A_KEY | place)


def _place_of(param: Any) -> int | None:
    """Which key a parameter stands for, if for any."""
    if isinstance(param, uuid.UUID) and param.int >> 96 == _STANDS_FOR_A_KEY >> 96:
        return param.int ^ _STANDS_FOR_A_KEY
    return None


class _Found:
    """A query whose rows are known: what an iterable of model instances asks of it."""

    def __init__(self, part: _Part, rows: Sequence[tuple[Any, ...]]) -> None:
        self._compiler, self._converters, self._rows = part.compiler, part.converters, rows

    def get_compiler(self, using: str | None = None) -> _Found:
        return self

    def execute_sql(self, **_: Any) -> list[Sequence[tuple[Any, ...]]]:
        return [self._rows]

    def results_iter(self, results: list[Sequence[tuple[Any, ...]]]) -> Iterable[Sequence[Any]]:
        (rows,) = results
        return self._compiler.apply_converters(rows, self._converters) if self._converters else rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiler, name)


@dataclass(frozen=True, slots=True)
class _Child:
    """Rows that point back to those of a part, kept at them under `name`."""

    name: str
    points_by: str
    is_list: bool
    part: _Part


class _Part:
    """The SQL of a queryset, and how its rows become instances."""

    def __init__(self, rows: models.QuerySet[Any]) -> None:
        lookups = rows._prefetch_related_lookups  # type: ignore[attr-defined]
        self.rows = rows.prefetch_related(None)
        self.compiler = self.rows.query.get_compiler(connection=connection)
        self.sql, params = self.compiler.as_sql()
        self.params = [(_place_of(it), it) for it in params]
        self.converters = self.compiler.get_converters([column for column, _, _ in self.compiler.select])
        self.children = [self._child(name, under) for name, under in _by_name(lookups).items()]

    def _child(self, name: str, under: list[Any]) -> _Child:
        relation = self.rows.model._meta.get_field(name)
        if not isinstance(relation, ManyToOneRel):
            raise TypeError(f"{name}: only rows that point back can be beneath; use select_related")
        given = under[0][0]
        rows = relation.related_model._default_manager.all() if given is None else given.queryset
        rows = rows.filter(**{f"{relation.field.name}__in": self._keys()})
        for _, deeper in under:
            rows = _deeper(rows, deeper)
        kept_as = given.to_attr if given is not None and given.to_attr else name
        return _Child(kept_as, relation.field.name, kept_as != name, _Part(rows))

    def _keys(self) -> models.QuerySet[Any, Any]:
        rows = self.rows if self.rows.query.distinct_fields else self.rows.order_by()
        return rows.values("pk")

    def parts(self) -> list[_Part]:
        """This part and all beneath it."""
        return [self, *(each for child in self.children for each in child.part.parts())]

    def asks(self, keys: Sequence[uuid.UUID]) -> list[Any]:
        """The parameters with these keys in their places."""
        return [it if place is None else keys[place] for place, it in self.params]

    def as_member(self, number: int) -> str:
        """The part inside a statement of several: its number, the place of each row, and the row."""
        names = [f"c{place}" for place in range(len(self.compiler.select))]
        columns = (
            f"{name}::text" if _is_json(expression) else name
            for name, (expression, _, _) in zip(names, self.compiler.select, strict=True)
        )
        row, listed = ", ".join(columns), ", ".join(names)
        return f"SELECT {number}, row_number() OVER (), ROW({row}) FROM ({self.sql}) AS part({listed})"  # noqa: S608

    def instances(self, answers: _Rows) -> list[Any]:
        """The instances of what was found, those beneath at theirs."""
        of = self.rows.all()
        of._query = _Found(self, answers.get(self, ()))  # type: ignore[attr-defined]
        rows: list[Any] = list(ModelIterable(of))
        for child in self.children:
            _attach(rows, child, beneath=child.part.instances(answers))
        return rows


_Rows = dict[_Part, list[tuple[Any, ...]]]


def _by_name(lookups: Iterable[Any]) -> dict[str, list[Any]]:
    """Each first name of what is asked for beneath, with the lookup itself and what is asked further down."""
    names: dict[str, list[Any]] = defaultdict(list)
    for lookup in lookups:
        through = getattr(lookup, "prefetch_through", lookup)
        first, _, rest = through.partition("__")
        names[first].append((None if isinstance(lookup, str) else lookup, rest))
    return names


def _deeper(rows: models.QuerySet[Any], lookup: str) -> models.QuerySet[Any]:
    """What is asked further down: of one row with it, of several as a part beneath it."""
    if not lookup:
        return rows
    relation = rows.model._meta.get_field(lookup.split("__")[0])
    return rows.select_related(lookup) if relation.concrete else rows.prefetch_related(lookup)


def _is_json(expression: Any) -> bool:
    """Whether Django reads the column from its text."""
    return isinstance(expression.output_field, models.JSONField)


def _attach(parents: list[Any], child: _Child, *, beneath: list[Any]) -> None:
    """Keep the rows at those they point to, as if they had been prefetched."""
    of = {parent.pk: parent for parent in parents}
    listed: dict[Any, list[Any]] = defaultdict(list)
    for row in beneath:
        key = getattr(row, f"{child.points_by}_id")
        setattr(row, child.points_by, of[key])
        listed[key].append(row)
    for key, parent in of.items():
        if child.is_list:
            setattr(parent, child.name, listed[key])
        else:
            keep_at(parent, child.name, rows=listed[key])


def keep_at(parent: models.Model, name: str, *, rows: list[Any]) -> None:
    """Keep the rows that point to this one at it, as if they had been prefetched."""
    known = getattr(parent, name).get_queryset()
    known._result_cache, known._prefetch_done = rows, True
    parent.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


@dataclass(frozen=True, slots=True)
class KeyedCall:
    """A question with its keys."""

    query: KeyedQuery[Any]
    keys: tuple[uuid.UUID, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it asks about nobody; a question without parameters asks about the clinic."""
        return self.query.needs_keys and not self.keys

    @property
    def key(self) -> Hashable:
        """What it is kept under while a page is drawn."""
        return self.query, self.keys


class KeyedQuery(Generic[Row]):
    """What is asked of one table, and of those beside it, by keys. Called, it answers with a list."""

    def __init__(self, rows: Callable[..., models.QuerySet[Row]]) -> None:
        self._rows = rows
        self._made: dict[int, _Part] = {}
        self.needs_keys = bool(signature(rows).parameters)
        update_wrapper(self, rows)

    def __call__(self, *keys: uuid.UUID) -> list[Row]:
        asked = self.of(*keys)
        if asked.is_empty:
            return []
        return list(answered(asked.key, lambda: _answers_to([asked])[0]))

    def of(self, *keys: uuid.UUID) -> KeyedCall:
        """The question with these keys, for `ask_together`."""
        one_of_each = sorted(set(keys))
        return KeyedCall(
            self, (*one_of_each, *one_of_each[-1:] * (_room_for(one_of_each) - len(one_of_each)))
        )

    def part(self, number: int) -> _Part:
        """The SQL for so many keys."""
        if number not in self._made:
            self._made[number] = _Part(self._rows(*map(_stand_in, range(number))))
        return self._made[number]


def _room_for(keys: Sequence[uuid.UUID]) -> int:
    """For how many keys the SQL is made: one, two, four, eight and so on, so that there are few of them."""
    return 1 << (len(keys) - 1).bit_length() if keys else 0


def keyed_query(rows: Callable[..., models.QuerySet[Row]]) -> KeyedQuery[Row]:
    """Let what this function asks be made once, and be asked together with other questions."""
    return KeyedQuery(rows)


def ask_together(asked: Iterable[KeyedCall]) -> None:
    """Ask what a page will need in one statement, and keep the answers for it; without a page, nothing."""
    kept = answers_now()
    if kept is None:
        return
    new = [it for it in dict.fromkeys(asked) if not it.is_empty and it.key not in kept]
    if not new:
        return
    for each, rows in zip(new, _answers_to(new), strict=True):
        kept[each.key] = rows


def _answers_to(asked: Sequence[KeyedCall]) -> list[list[Any]]:
    """The instances each of these is answered with."""
    tops = [it.query.part(len(it.keys)) for it in asked]
    every = [(place, part) for place, top in enumerate(tops) for part in top.parts()]
    answers: list[_Rows] = [defaultdict(list) for _ in asked]
    sql = tops[0].sql if len(every) == 1 else _as_one([part for _, part in every])
    params = [each for place, part in every for each in part.asks(asked[place].keys)]
    if len(every) == 1:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            answers[0][tops[0]] = cursor.fetchall()
    else:
        with cast(Any, connection).binary_cursor() as cursor:
            cursor.execute(sql, params)
            for number, _, row in cursor.fetchall():
                place, part = every[number]
                answers[place][part].append(row)
    return [top.instances(rows) for top, rows in zip(tops, answers, strict=True)]


def _as_one(parts: Iterable[_Part]) -> str:
    return " UNION ALL ".join(part.as_member(number) for number, part in enumerate(parts)) + " ORDER BY 1, 2"
