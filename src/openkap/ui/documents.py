"""Papers: a Django template written in typst's language becomes a PDF, on this machine alone."""

from __future__ import annotations

from typing import Any

import typst
from django.template.loader import render_to_string

_MEANS_SOMETHING = frozenset("\\#$*_`<>@=-+/~'\"[]{}()|.^&:!%")


def escaped(text: str) -> str:
    """The text with every sign that has a meaning in typst escaped, so that no name can be markup."""
    lines = text.replace("\r", "").split("\n")
    return " \\\n".join("".join("\\" + s if s in _MEANS_SOMETHING else s for s in line) for line in lines)


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Render a `.typ` template to PDF. Values go through the `typst` filter; HTML escaping is off."""
    source = render_to_string(template, context)
    pdf = typst.compile(source.encode("utf-8"))
    assert isinstance(pdf, bytes)
    return pdf
