"""Whether whoever reads a page may use another address: asked of the grants that guard the address."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from django.urls import resolve

from openkap.accounts import registry
from openkap.accounts.grants import Grant, Subject, decide

# Whoever stands on a page is somebody its reader may see: each list asks that of its rows.
MAY_SEE_THEM = frozenset({"care_team", "self"})

_KEY, _ANY_KEY = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), str(uuid.UUID(int=0))


class NothingTakesIt(Exception):
    """A page offers an address that nobody can use: a mistake of the page."""


class OffersTo:
    """What somebody of this role may use who is related like this to the patients on the page."""

    def __init__(self, role: str, *, relations: frozenset[str] = MAY_SEE_THEM) -> None:
        self._subject = Subject(role=role, relations=relations)

    def may(self, address: str, *, method: str) -> bool:
        """As the guard of the address will decide. A fresh proof of who it is may be asked for on the way."""
        return decide(_grant_of(address, method=method), self._subject)


def _grant_of(address: str, *, method: str) -> Grant:
    grants = _grants_at(_KEY.sub(_ANY_KEY, urlsplit(address).path))
    grant = grants.get(method) if method else grants.get("GET") or grants.get("POST")
    if grant is None:
        raise NothingTakesIt(f"{address} takes no {method}.")
    return grant


@lru_cache(maxsize=1024)
def _grants_at(path: str) -> Mapping[str, Grant]:
    """The grants of an address, whosever it is: a page offers twenty of them, and each is looked for once."""
    return registry.grants_of(resolve(path).func)
