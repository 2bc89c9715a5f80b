"""The papers and the locks: nothing that ties the project to one machine, no address that would be loaded."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest

from tests.architecture.reading import ROOT, files, name_of, tree_of

TEXTS = (
    ".py",
    ".md",
    ".html",
    ".toml",
    ".yaml",
    ".yml",
    ".ts",
    ".css",
    ".json",
    ".lock",
    ".txt",
    ".typ",
    ".mjs",
)


def _kept() -> list[str]:
    answer = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    return [name for name in answer.split("\0") if name.endswith(TEXTS) and (ROOT / name).is_file()]


def test_no_lock_names_the_address_of_an_index():
    for name in ("requirements/dev.lock", "requirements/run.lock", "frontend/package-lock.json"):
        text = (ROOT / name).read_text()
        assert "index-url" not in text
        assert '"resolved"' not in text
        assert "pypi.org" not in text


def test_no_kept_file_names_a_path_of_one_machine():
    home = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")
    found = [
        n
        for n in _kept()
        if "tests/architecture/test_words.py" not in n and home.search((ROOT / n).read_text())
    ]
    assert found == []


@pytest.mark.parametrize("path", files(".html"), ids=name_of)
def test_no_page_loads_anything_from_elsewhere_or_runs_inline_script(path):
    """The content security policy forbids both; a page that needs them would be broken."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href|action)=["']https?://""", text)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text)
    assert not re.search(r"""\s(?:style|on\w+)=["']""", text)


# A figure of speech hides what a thing is from whoever looks for it; GLOSSARY.md says what to call it.
FIGURES = re.compile(r"\b(?:house|houses|floors|furniture|furnish|doors?|walls?|news)\b", re.IGNORECASE)
# Buildings and rooms that are meant: names of the demo and of tests, and an address.
MEANT = re.compile(r"(?:Harbour|Quay|Hill) House|house with open windows|\bin the house\b", re.IGNORECASE)
SPOKEN_OF = ("tests/architecture/test_words.py", "GLOSSARY.md", "CHANGELOG.md")


def test_things_are_called_what_they_are():
    """App, layer, installation, guarded route, row-level security, notification: the field's own words."""
    named = [
        name
        for name in _kept()
        if name.endswith((".py", ".md", ".html", ".ts", ".toml")) and name not in SPOKEN_OF
    ]
    found = {
        f"{name}: {line.strip()[:90]}"
        for name in named
        if not name.startswith(("changelog.d/", "frontend/node_modules"))
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if FIGURES.search(MEANT.sub("", line))
    }
    assert found == set()


def test_a_choice_of_nothing_is_said_in_words() -> None:
    """The framework's own choice is a row of dashes."""
    unsaid = []
    for path in files():
        for node in ast.walk(tree_of(path)):
            is_choice = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ModelChoiceField")
            if is_choice and "empty_label" not in {it.arg for it in node.keywords}:
                unsaid.append(f"{name_of(path)}:{node.lineno}")
    assert unsaid == []
