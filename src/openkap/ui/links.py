"""Links that an app asks for by what they lead to, and the app that has the page offers (its `manifest.py`).

A lower app never names a higher app's URL: `links.to("record", patient=...)`, and in a template
`{% to "record" patient.id %}`. Where no installed app offers it, there is no link.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

_offered: dict[str, str] = {}


def offer(name: str, url_name: str) -> None:
    """Say which page a name leads to. Two pages for one name are a mistake of the manifests."""
    known = _offered.setdefault(name, url_name)
    if known != url_name:
        raise ValueError(f"“{name}” leads to {known} already, and {url_name} offers it too.")


def to(name: str, *args: Any, **kwargs: Any) -> str:
    """The address, or nothing where no app offers it."""
    url_name = _offered.get(name)
    return reverse(url_name, args=args, kwargs=kwargs) if url_name else ""
