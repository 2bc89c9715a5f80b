"""The consent documents that ship with the program, by version, and the exact text a person signs.

Pure but for reading files of the program. The signed content is text with a fixed form, so that its
hash speaks of every word that was on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from openkap.kernel.evidence import Status

FOLDER = Path(__file__).parent / "documents"
CURRENT = "ketamine"


@dataclass(frozen=True, slots=True)
class Element:
    """One thing to understand before signing."""

    id: str
    title: str
    text: str
    teach: str
    status: Status
    source_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a consent document."""

    key: str
    version: int
    title: str
    intro: str
    elements: tuple[Element, ...]

    @property
    def name(self) -> str:
        """Key and version, as a record names it."""
        return f"{self.key}-{self.version}"


@lru_cache(maxsize=16)
def load(key: str, version: int) -> Document:
    """One document of the program. Raises KeyError when there is none."""
    if (key, version) not in known():
        raise KeyError(f"{key}-{version}")
    body = yaml.safe_load((FOLDER / f"{key}-{version}.yaml").read_text(encoding="utf-8"))
    elements = tuple(
        Element(e["id"], e["title"], e["text"], e["teach"], Status(e["status"]), tuple(e["src"]))
        for e in body["elements"]
    )
    return Document(body["key"], body["version"], body["title"], body["intro"], elements)


@lru_cache(maxsize=1)
def known() -> frozenset[tuple[str, int]]:
    """Every document and version there is."""
    names = (path.stem.rpartition("-") for path in FOLDER.glob("*.yaml"))
    return frozenset((key, int(version)) for key, _, version in names)


def current(key: str = CURRENT) -> Document:
    """The newest version of a document."""
    return load(key, max(version for name, version in known() if name == key))
