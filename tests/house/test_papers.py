"""The papers are true: what the code points to is there, and what they say of the command is so."""

from __future__ import annotations

import re

import pytest

from openkap.config import environment
from openkap.config.command import _parser
from tests.house.reading import ROOT, files, name_of

PAPER = re.compile(r"docs/[\w-]+(?:/[\w-]+)?\.md")


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_every_paper_the_code_points_to_is_there(path):
    told = PAPER.findall(path.read_text(encoding="utf-8"))
    assert [name for name in told if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(
    "name", ["README", "ARCHITECTURE", "STYLE", "GLOSSARY", "CONTRIBUTING", "SECURITY", "CHANGELOG"]
)
def test_the_papers_of_the_house_are_there_and_lead_somewhere(name):
    text = (ROOT / f"{name}.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert len(text) > 400


def test_every_setting_is_documented_and_no_other():
    source = (ROOT / "src/openkap/config/environment.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"(OPENKAP_\w+)"', source))
    told = set(
        re.findall(r"`(OPENKAP_\w+)`", (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8"))
    )
    assert read == told
    assert environment.read({}).port == 8000


def test_every_command_is_documented():
    page = (ROOT / "docs/reference/command.md").read_text(encoding="utf-8")
    [verbs] = [it for it in _parser()._actions if it.dest == "verb"]
    assert [verb for verb in verbs.choices if f"`openkap {verb}" not in page] == []


def test_no_package_of_others_lies_in_the_tree():
    """A package that was fetched into the folder once went into the history with everything else."""
    ignored = {".venv", ".cache", "node_modules", "dist", "build", ".git"}
    archives = [
        str(path.relative_to(ROOT))
        for pattern in ("*.whl", "*.tar.gz", "*.zip")
        for path in ROOT.rglob(pattern)
        if not ignored & set(path.relative_to(ROOT).parts)
    ]
    assert archives == []
