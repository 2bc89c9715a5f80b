"""References inside a bundle: whose `Patient/p1` is meant (FHIR R4, "Resolving references in Bundles").

A relative reference is read with the server of its own entry's fullUrl; a version at its end is taken off,
because a version of a person is the person.
"""

from __future__ import annotations

import re
from typing import Any

from openkap.interop.fhir.reading import mapping, text

_ADDRESS = re.compile(r"(https?://.+/)([A-Z][A-Za-z]{1,60}/[A-Za-z0-9.\-]{1,64})(?:/_history/[^/]+)?\Z")
_RELATIVE = re.compile(r"[A-Z][A-Za-z]{1,60}/[A-Za-z0-9.\-]{1,64}\Z")
_VERSION = re.compile(r"/_history/[^/]+\Z")


def root_of(address: str) -> str:
    """The server an address is of, with its slash; empty when it is of none (urn:uuid, or no address)."""
    found = _ADDRESS.match(address)
    return found[1] if found else ""


def roots(bundle: dict[str, Any]) -> dict[int, str]:
    """The server of each resource's own entry, by the identity of the resource."""
    found = {}
    for entry in bundle["entry"]:
        resource = mapping(entry).get("resource")
        if isinstance(resource, dict):
            found[id(resource)] = root_of(text(mapping(entry).get("fullUrl")))
    return found


def resolved(reference: str, *, root: str) -> str:
    """What a reference points at: the address, or kind and id where its entry is of no server."""
    plain = _VERSION.sub("", reference)
    return f"{root}{plain}" if root and _RELATIVE.match(plain) else plain
