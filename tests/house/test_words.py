"""The papers and the locks: nothing that ties the house to one machine, no address that would be loaded."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.house.reading import ROOT, files, name_of

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
        n for n in _kept() if "tests/house/test_words.py" not in n and home.search((ROOT / n).read_text())
    ]
    assert found == []


@pytest.mark.parametrize("path", files(".html"), ids=name_of)
def test_no_page_loads_anything_from_elsewhere_or_runs_inline_script(path):
    """The content security policy forbids both; a page that needs them would be broken."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href|action)=["']https?://""", text)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text)
    assert not re.search(r"""\s(?:style|on\w+)=["']""", text)
