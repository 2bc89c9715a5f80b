"""What a page offers: a form or a link is drawn only where whoever reads the page may use it now.

`accounts` says who may: it gives each request its `Offers`, which ask the grant of the address. The rule that
the act itself asks comes beside it, as the objections a page already knows (`unless` of the form's tag).
"""

from __future__ import annotations

from typing import Protocol

from django.template import Context


class Offers(Protocol):
    """Says whether somebody may use an address."""

    def may(self, address: str, *, method: str) -> bool:
        """Whether the address takes this method from them; no method: to open it, or else to send to it."""
        ...


class _Everybody:
    """A page outside every clinic asks no grant: what stands on it is for whoever opens it."""

    def may(self, address: str, *, method: str) -> bool:
        return True


def offers_of(context: Context) -> Offers:
    """Whoever the page is drawn for: its request's, or for what several screens share, the context's own."""
    given: Offers | None = context.get("offers") or getattr(context.get("request"), "offers", None)
    return given or _Everybody()
