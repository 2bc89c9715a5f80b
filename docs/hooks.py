"""What mkdocs draws while it builds: the layers, from the contract that import-linter holds."""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLACE = "<!-- the layers -->"
ROW, GAP, WIDE, LEFT = 34, 8, 720, 56
EDGE = 1  # half a stroke stays inside the picture


def layers() -> list[list[str]]:
    """The layers from the lowest to the highest, each with its apps; what is planned is in brackets."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    [contract] = [it for it in contracts["contracts"] if it["type"] == "layers"]
    return [[app.strip() for app in layer.split("|")] for layer in reversed(contract["layers"])]


def drawn(rows: list[list[str]]) -> str:
    """The layers, the lowest at the bottom: each app a box, with a broken edge where it is planned."""
    height = len(rows) * (ROW + GAP) + EDGE
    words = f"{len(rows)} layers; an app imports only from those below its own"
    look = 'fill="none" stroke="currentColor" font-family="inherit" font-size="14"'
    written = 'fill="currentColor" stroke="none"'
    named = f'role="img" aria-label="{words}" xmlns="http://www.w3.org/2000/svg"'
    parts = [f'<svg viewBox="0 0 {WIDE} {height}" {named} {look}>']
    for number, apps in enumerate(rows, start=1):
        top = height - EDGE - number * (ROW + GAP) + GAP
        parts.append(f'<text x="{LEFT - 16}" y="{top + 22}" text-anchor="end" {written}>{number}</text>')
        wide = (WIDE - EDGE - LEFT - GAP * (len(apps) - 1)) / len(apps)
        for place, app in enumerate(apps):
            left, planned = LEFT + place * (wide + GAP), app.startswith("(")
            edge = ' stroke-dasharray="4 4"' if planned else ""
            parts.append(f'<rect x="{left:.0f}" y="{top}" width="{wide:.0f}" height="{ROW}" rx="6"{edge}/>')
            at = f'x="{left + wide / 2:.0f}" y="{top + 22}" text-anchor="middle"'
            parts.append(f"<text {at} {written}>{escape(app.strip('()'))}</text>")
    return "".join([*parts, "</svg>"])


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the picture where a page asks for it."""
    return markdown.replace(PLACE, drawn(layers()))
