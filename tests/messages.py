"""The catalogue of every sentence a translator must find: `make messages` writes it, `make check` holds it.

Django's `makemessages` needs GNU gettext installed; Babel reads the same sources from a wheel. Templates are
read by Django's own `templatize`, Python for the names below, the front end for `gettext` and `ngettext`.

    python -m tests.messages            write the catalogues
    python -m tests.messages --check    say what is missing or gone, and fail
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "openkap"
FRONT = ROOT / "frontend" / "src"
CATALOGUES = SOURCES / "ui" / "locale"
NAMES: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "sentence": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
NOT_READ = {"tests", "migrations"}


def python_sources() -> list[Path]:
    """Every module of the product."""
    return sorted(it for it in SOURCES.rglob("*.py") if not NOT_READ & set(it.parts))


def templates() -> list[Path]:
    """Every template: pages, messages and papers."""
    found = (it for kind in ("html", "txt", "typ") for it in SOURCES.rglob(f"templates/**/*.{kind}"))
    return sorted(found)


def front_sources() -> list[Path]:
    """Every module of the front end."""
    return sorted(it for it in FRONT.rglob("*.ts") if not it.name.endswith((".test.ts", ".d.ts")))


def pages_catalogue() -> Catalog:
    """What the server says."""
    catalogue = _empty()
    for path in python_sources():
        with path.open("rb") as source:
            _add(catalogue, path, extract_python(source, tuple(NAMES), [], {}), NAMES)
    for path in templates():
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        source = io.BytesIO(code.encode("utf-8"))
        _add(catalogue, path, extract_python(source, tuple(NAMES), [], {"encoding": "utf-8"}), NAMES)
    return catalogue


def front_catalogue() -> Catalog:
    """What the front end says by itself."""
    catalogue = _empty()
    for path in front_sources():
        with path.open("rb") as source:
            found = extract_javascript(source, ("gettext", "ngettext"), [], {"template_string": "true"})
            _add(catalogue, path, found, NAMES)
    return catalogue


CATALOGUE_OF = {"django.pot": pages_catalogue, "djangojs.pot": front_catalogue}


def _empty() -> Catalog:
    return Catalog(project="OpenKAP", charset="utf-8", fuzzy=False)


def _add(catalogue: Catalog, path: Path, found: Iterator[Any], names: dict[str, Any]) -> None:
    where = path.relative_to(ROOT).as_posix()
    for _line, name, told, _comments in found:
        texts = told if isinstance(told, tuple) else (told,)
        shape = names.get(name)
        if shape == (1, 2) and len(texts) >= 2 and texts[0] and texts[1]:
            catalogue.add((texts[0], texts[1]), locations=[(where, 0)])
        elif shape not in (None, (1, 2)) and len(texts) >= 2 and texts[1]:
            catalogue.add(texts[1], context=texts[0], locations=[(where, 0)])
        elif texts and texts[0]:
            catalogue.add(texts[0], locations=[(where, 0)])


def written(catalogue: Catalog) -> bytes:
    """A catalogue as its file holds it: no line numbers and no dates, so that only a sentence changes it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return out.getvalue()


def _ids(content: bytes) -> set[Any]:
    return {it.id for it in read_po(io.BytesIO(content)) if it.id}


def main(arguments: list[str]) -> int:
    """Write the catalogues, or say how they differ from what the sources say."""
    differ = []
    for name, made in CATALOGUE_OF.items():
        path, now = CATALOGUES / name, written(made())
        before = path.read_bytes() if path.exists() else b""
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(now)
        elif before != now:
            differ.append(name)
            for text in sorted(map(str, _ids(now) ^ _ids(before)))[:20]:
                sys.stderr.write(f"{name}: {'new' if text in map(str, _ids(now)) else 'gone'}: {text}\n")
    if differ:
        sys.stderr.write(f"{', '.join(differ)}: not what the sources say. Run `make messages`.\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
