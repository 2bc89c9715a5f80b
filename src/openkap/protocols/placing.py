"""Where in a file a fault of a pack stands: its line, by the words that name it. Pure.

A fault names section, row and field (“contraindications › row RC_X › outcome”). What stands in a shared part
has no line in the file.
"""

from __future__ import annotations

import yaml

STEP = " › "


def with_lines(errors: list[str], text: str | bytes) -> list[str]:
    """Each fault with the line of the file it is about, as far as one can be told."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return errors
    return [_placed(error, root) for error in errors]


def _placed(error: str, root: yaml.Node | None) -> str:
    line = _line(error.partition(": ")[0].split(STEP), root)
    return f"line {line}: {error}" if line else error


def _line(path: list[str], root: yaml.Node | None) -> int | None:
    """The line of the deepest part of the path that stands in the file; None where none of it does."""
    line, node = None, root
    for part in path:
        step = _step(node, part.strip())
        if step is None:
            return line
        line, node = step
    return line


def _step(node: yaml.Node | None, part: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        if part == f"row {_name(node)}":
            return node.start_mark.line + 1, node
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode):
        for place, entry in enumerate(node.value):
            if part in (str(place), f"row {_name(entry)}"):
                return entry.start_mark.line + 1, entry
    return None


def _name(node: yaml.Node) -> str:
    """What a row is known by: its id, or a question's name."""
    if not isinstance(node, yaml.MappingNode):
        return ""
    told = {key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
    return str(told.get("id") or told.get("name") or "")
