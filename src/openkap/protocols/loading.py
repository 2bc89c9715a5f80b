"""Reading a pack from YAML: checked by schema, by its own sense, and hashed.

Pure but for `load_bundled`, which reads files that ship with the program. A pack with any error does not
load; every error names its row and field, so that a person can mend the file in one go.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from openkap.protocols import pack as p
from openkap.protocols import sharing
from openkap.protocols.building import build
from openkap.protocols.placing import with_lines
from openkap.protocols.sense import faults_of_sense

PACKS = Path(__file__).parent / "packs"
SHARED = PACKS / "shared"


class PackError(ValueError):
    """The pack does not load. `errors` has one line for each fault, naming row and field."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


@lru_cache(maxsize=1)
def _validator() -> Any:
    return jsonschema_rs.validator_for(json.loads((PACKS / "pack.schema.json").read_text()))


def canonical(body: dict[str, Any]) -> bytes:
    """The pack's content as bytes that do not depend on layout, order of keys or comments."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def content_hash(body: dict[str, Any]) -> str:
    """SHA-256 of the canonical content, in hex."""
    return hashlib.sha256(canonical(body)).hexdigest()


BYTES_MAX = 1_000_000


class _Loader(yaml.SafeLoader):
    """Refuses what a person does not mean in a pack: one key twice, and parts that stand for other parts."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            line = self.line + 1
            raise PackError([f"line {line}: write it out; a part that stands for another (*) is not read."])
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise PackError([f"line {key.start_mark.line + 1}: “{key.value}” stands here a second time."])
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def read(text: str | bytes) -> dict[str, Any]:
    """The plain content of a pack file, or PackError."""
    try:
        body = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader that refuses more
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        if isinstance(error, PackError):
            raise
        raise PackError([f"The file is not YAML: {error}"]) from error
    if not isinstance(body, dict):
        raise PackError(["The file holds no pack: its top level must be a mapping."])
    if faulty := _keys_that_are_no_words(body, "pack"):
        raise PackError(faulty)
    return body


def _keys_that_are_no_words(value: Any, where: str) -> list[str]:
    """Keys YAML reads as something else (`no:`, `on:`, `12:`); quoted, they are words."""
    if isinstance(value, list):
        return [fault for part in value for fault in _keys_that_are_no_words(part, where)]
    if not isinstance(value, dict):
        return []
    own = [f"{where}: the key “{key}” must be a word in quotes." for key in value if not isinstance(key, str)]
    return own + [
        fault for key, part in value.items() for fault in _keys_that_are_no_words(part, f"{where} › {key}")
    ]


def load(body: dict[str, Any]) -> p.Pack:
    """The pack of this content, or PackError with every fault."""
    errors = [_worded(error, body) for error in _validator().iter_errors(body)]
    errors = errors or faults_of_sense(body)
    if errors:
        raise PackError(errors)
    return build(body, content_hash=content_hash(body))


@lru_cache(maxsize=16)
def load_bundled(name: str) -> p.Pack:
    """A pack that ships with the program, by file name without ending."""
    return load(bundled_body(name))


def bundled_body(name: str) -> dict[str, Any]:
    """The plain content of a pack that ships with the program, with the parts it shares with others."""
    if name not in bundled_names():
        raise PackError([f"There is no pack named “{name}”."])
    return with_parts(read((PACKS / f"{name}.yaml").read_text(encoding="utf-8")))


def read_own(content: bytes) -> tuple[dict[str, Any], p.Pack]:
    """A clinic's own pack: its whole content, and the pack; or PackError with each fault and its line."""
    if len(content) > BYTES_MAX:
        raise PackError([f"The file is larger than {BYTES_MAX // 1_000_000} MB."])
    own = read(content)
    try:
        body = with_parts(own)
        return body, load(body)
    except PackError as error:
        raise PackError(with_lines(error.errors, content)) from error


def with_parts(body: dict[str, Any]) -> dict[str, Any]:
    """A pack with the shared parts it includes, or PackError."""
    whole, faults = sharing.resolved(body, _shared_parts())
    if faults:
        raise PackError(faults)
    return whole


@lru_cache(maxsize=1)
def _shared_parts() -> dict[str, dict[str, Any]]:
    """The parts that packs share, by file name without ending."""
    return {path.stem: read(path.read_text(encoding="utf-8")) for path in sorted(SHARED.glob("*.yaml"))}


def bundled_names() -> list[str]:
    """The packs that ship with the program."""
    return sorted(path.stem for path in PACKS.glob("*.yaml"))


def shipped_keys() -> frozenset[str]:
    """The keys of the protocols that ship with the program."""
    return frozenset(name.rpartition("-")[0] for name in bundled_names())


def newest_names() -> list[str]:
    """The newest version of each protocol that ships with the program."""
    return sorted({newest_of(name.rpartition("-")[0]) for name in bundled_names()})


def newest_of(key: str) -> str:
    """The name of the newest version of a protocol that ships with the program."""
    versions = [int(name.rpartition("-")[2]) for name in bundled_names() if name.rpartition("-")[0] == key]
    if not versions:
        raise PackError([f"There is no protocol named “{key}”."])
    return f"{key}-{max(versions)}"


def shipped_hashes() -> dict[str, str]:
    """What each version that ships hashes to: a version that clinics may know is never changed (H44)."""
    return dict(line.split() for line in (PACKS / "versions.txt").read_text(encoding="utf-8").splitlines())


def _worded(error: Any, body: dict[str, Any]) -> str:
    """A schema error as one line: section, row id, field, and what is wrong."""
    path = [str(part) for part in error.instance_path]
    here: Any = body
    words: list[str] = []
    for part in path:
        here = here[int(part)] if isinstance(here, list) else here[part]
        known = (isinstance(here, dict) and here.get("id")) or (isinstance(here, dict) and here.get("name"))
        words += [part] if not known or not part.isdecimal() else []
        words += [f"row {known}"] if known else []
    return f"{' › '.join(words) or 'pack'}: {error.message}"
