"""Reading the code: what the architecture tests ask of every file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "openkap"


def files(suffix: str = ".py", *, under: Path = SOURCE) -> list[Path]:
    """Every file of the product itself: no tests, no migrations, nothing built."""
    skipped = {"tests", "migrations", "build", "node_modules", "__pycache__"}
    return [
        path for path in sorted(under.rglob(f"*{suffix}")) if not skipped & set(path.relative_to(under).parts)
    ]


def name_of(path: Path) -> str:
    """The path as a person says it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed file: read and never changed, so that each run parses it once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_action_file(path: Path) -> bool:
    """Whether the file may write."""
    return path.name == "actions.py" or "actions" in path.relative_to(SOURCE).parts
