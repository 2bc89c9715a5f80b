"""Whether whoever reads a page may use another address: asked of the grants that guard the address."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import resolve

from openkap.accounts import registry
from openkap.accounts.grants import Grant, Subject, decide

# Whoever stands on a page is somebody its reader may see: each list asks that of its rows.
MAY_SEE_THEM = frozenset({"care_team", "self"})


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
    grants = registry.grants_of(resolve(urlsplit(address).path).func)
    grant = grants.get(method) if method else grants.get("GET") or grants.get("POST")
    if grant is None:
        raise NothingTakesIt(f"{address} takes no {method}.")
    return grant
