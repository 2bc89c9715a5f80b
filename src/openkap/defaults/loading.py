"""Reading the numbers that ship. Pure but for one file, which is read once a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml

from openkap.defaults.numbers import Group, Number, Numbers
from openkap.kernel.evidence import Status

SHIPPED = Path(__file__).parent / "shipped.yaml"
N = TypeVar("N", bound=Numbers)


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """Every group of numbers, in the order of the file."""
    body = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return tuple(
        Group(
            group,
            part["title"],
            tuple(
                Number(
                    group,
                    name,
                    says=told["says"],
                    value=told["value"],
                    low=told["range"][0],
                    high=told["range"][1],
                    status=Status(told.get("status", Status.DESIGN_DEFAULT)),
                )
                for name, told in part["numbers"].items()
            ),
        )
        for group, part in body.items()
    )


def number(key: str) -> Number | None:
    """One number by its key, `group.name`."""
    return next((it for group in groups() for it in group.numbers if it.key == key), None)


def range_of(key: str) -> tuple[int, int]:
    """The range a number ships with. Raises `KeyError` for a number there is not."""
    known = number(key)
    if known is None:
        raise KeyError(key)
    return known.low, known.high


def values(group: str) -> dict[str, int]:
    """The values of a group as they ship."""
    return {it.name: it.value for known in groups() if known.name == group for it in known.numbers}


def shipped(kind: type[N]) -> N:
    """An app's numbers as they ship."""
    return kind.of(values(kind.group))
