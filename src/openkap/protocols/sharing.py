"""Sections that several packs share: written once, and whole in every pack that includes them. Pure.

A pack names the parts it `includes`, and a part may build on others in the same way. Their rows come first;
its own row of an id takes a shared row's place, and `without` leaves rows out. A clinic takes over the whole,
and courses are bound to it: a later change of a shared part changes no pack that is in use (H44).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OWN_WORDS = frozenset({"includes", "without"})


def resolved(
    body: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]], *, within: tuple[str, ...] = ()
) -> tuple[dict[str, Any], list[str]]:
    """The pack with what it includes, and what is wrong with that; each fault is one line.

    `within` names the parts that are being put together around it.
    """
    whole: dict[str, Any] = {}
    faults: list[str] = []
    for name in body.get("includes", []):
        if name not in parts:
            faults.append(f"includes: there is no shared part “{name}”.")
        elif name in within:
            faults.append(f"includes: the shared part “{name}” builds on itself.")
        else:
            part, more = resolved(parts[name], parts, within=(*within, name))
            faults += [*more, *_take_in(whole, part, label=f"includes › {name}")]
    faults += _leave_out(whole, list(body.get("without", [])))
    for section, own in body.items():
        if section not in OWN_WORDS:
            whole[section], content = _with_own(whole.get(section), own, section=section)
            faults += content
    return whole, faults


def _take_in(whole: dict[str, Any], part: Mapping[str, Any], *, label: str) -> list[str]:
    """Add the sections of one shared part to those before it."""
    faults = []
    for section, content in part.items():
        before = whole.get(section)
        if before is None:
            whole[section] = content
        elif isinstance(content, list):
            twice = {_key(row) for row in before} & {_key(row) for row in content}
            faults += [f"{label} › {section}: “{key}” is in another part too." for key in sorted(twice)]
            whole[section] = [*before, *content]
        elif section == "sources":
            whole[section], merged = _with_sources(before, content, label=label)
            faults += merged
        else:
            faults.append(f"{label} › {section}: another part has it too.")
    return faults


def _leave_out(whole: dict[str, Any], without: list[str]) -> list[str]:
    left = set(without)
    for section, content in list(whole.items()):
        if isinstance(content, list):
            left -= {_key(row) for row in content}
            whole[section] = [row for row in content if _key(row) not in without]
        elif isinstance(content, Mapping) and content.get("id") in without:
            left.discard(content["id"])
            del whole[section]
    return [f"without: no shared row is named “{key}”." for key in sorted(left)]


def _with_own(shared: Any, own: Any, *, section: str) -> tuple[Any, list[str]]:
    """The pack's own content of a section, with what it shares; its own row takes a shared one's place."""
    if shared is None or not isinstance(own, type(shared)):
        return own, []
    if section == "sources":
        return _with_sources(shared, own, label=section)
    if not isinstance(own, list):
        return own, []
    mine = {_key(row): row for row in own}
    kept = [mine.pop(_key(row), row) for row in shared]
    return [*kept, *(row for row in own if _key(row) in mine)], []


def _with_sources(before: Mapping[str, Any], more: Mapping[str, Any], *, label: str) -> tuple[Any, list[str]]:
    """One key is one source: two that differ are a slip of hand."""
    differ = sorted(key for key in before.keys() & more.keys() if before[key] != more[key])
    return {**before, **more}, [f"{label} › {key}: this source is told in two ways." for key in differ]


def _key(row: Any) -> str:
    """What a row is known by: its id, a question's name, or a word itself."""
    return str(row.get("id") or row.get("name")) if isinstance(row, Mapping) else str(row)
