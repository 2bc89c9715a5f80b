"""References inside a bundle: whose `Patient/p1` is meant (FHIR R4, "Resolving references in Bundles").

A relative reference is read with the server of its own entry's fullUrl; a version at its end is taken off,
because a version of a person is the person; `#a` is what the resource itself contains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from openkap.interop.fhir.reading import items, mapping, text

if TYPE_CHECKING:
    from openkap.interop.fhir.entries import BundleEntry

_ADDRESS = re.compile(r"(https?://.+/)([A-Z][A-Za-z]{1,60}/[A-Za-z0-9.\-]{1,64})\Z")
_RELATIVE = re.compile(r"[A-Z][A-Za-z]{1,60}/[A-Za-z0-9.\-]{1,64}\Z")
_VERSION = re.compile(r"/_history/[^/]+\Z")


def without_version(address: str) -> str:
    """The address without the version at its end."""
    return _VERSION.sub("", address)


def root_of(address: str) -> str:
    """The server an address is of, with its slash; empty when it is of none (urn:uuid, or no address)."""
    match = _ADDRESS.match(without_version(address))
    return match[1] if match else ""


def resolved(reference: str, *, root: str) -> str:
    """What a reference points at: the address, or kind and id where its entry is of no server."""
    plain = without_version(reference)
    return f"{root}{plain}" if root and _RELATIVE.match(plain) else plain


class References:
    """The resources of one bundle by every name a reference may give them."""

    def __init__(self, entries: Iterable[BundleEntry]) -> None:
        self._named: dict[str, BundleEntry | None] = {}
        for entry in entries:
            identifier = text(entry.resource.get("id"))
            for name in {entry.address, f"{entry.kind}/{identifier}" if identifier else ""} - {""}:
                known = self._named.get(name, entry)
                self._named[name] = entry if known is entry else None  # two by one name: neither is meant

    def find(self, reference: Any, *, within: BundleEntry) -> dict[str, Any] | None:
        """The resource a reference means: of the bundle, or contained; None when it is in neither."""
        pointer = text(mapping(reference).get("reference"))
        if pointer.startswith("#"):
            inside = items(within.resource.get("contained"))
            same = [one for one in inside if text(one.get("id")) == pointer[1:]]
            return same[0] if len(same) == 1 else None
        entry = self._named.get(resolved(pointer, root=within.root)) if pointer else None
        return entry.resource if entry is not None else None
