"""The papers are true: what the code points to is there, and what they say of the command is so."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from openkap.config import environment
from openkap.config.command import _parser
from tests.architecture.reading import ROOT, files, name_of

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


GLOSSARY_ROW = re.compile(r"^\| \*\*(?P<word>.+?)\*\*[^|]*\| (?P<code>[^|]*)\|", re.M)


def _code_names() -> list[tuple[str, str]]:
    rows = GLOSSARY_ROW.finditer((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))
    return [(row["word"], name) for row in rows for name in re.findall(r"`([^`]+)`", row["code"])]


def test_every_code_name_of_the_glossary_is_there():
    """A reader who looks up a word finds the class or the module."""
    sources = [(path, path.read_text(encoding="utf-8")) for path in files()]
    text = "\n".join(source for _, source in sources)
    places = (
        {path.name for path, _ in sources} | {path.parent.name for path, _ in sources} | {"pyproject.toml"}
    )
    gone = [
        (word, name)
        for word, name in _code_names()
        if name not in places
        and not re.search(rf"\b(?:class |def )?{re.escape(name.removesuffix('()'))}\b", text)
    ]
    assert gone == []
    assert len(_code_names()) > 40


PARTS_OF_A_DECISION = ("## Context", "## Decision", "## Roads not taken", "## Consequences")
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda it: it.stem[:4])
def test_a_decision_says_why_and_what_was_turned_down(path):
    text = path.read_text(encoding="utf-8")
    assert [part for part in PARTS_OF_A_DECISION if f"\n{part}\n\n" not in text] == []
    assert path.name in (ROOT / "docs" / "adr" / "index.md").read_text(encoding="utf-8")
    assert f"adr/{path.name}" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_the_picture_of_the_layers_shows_the_contract():
    """Each app that is there stands in it once, with a whole edge."""
    spec = spec_from_file_location("hooks", ROOT / "docs" / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    hooks = module_from_spec(spec)
    spec.loader.exec_module(hooks)
    apps = sorted(app for row in hooks.layers() for app in row if not app.startswith("("))
    here = {it.name for it in (ROOT / "src" / "openkap").iterdir() if (it / "__init__.py").exists()}
    assert apps == sorted(here)
    picture = hooks.drawn(hooks.layers())
    assert all(picture.count(f">{app}</text>") == 1 for app in apps)
    assert hooks.on_page_markdown("before <!-- the layers --> after").startswith("before <svg")


ALGORITHMS = sorted((ROOT / "docs" / "algorithms").glob("*.md"))
NAMED_TEST = re.compile(r"`(test_\w+)`")


@pytest.mark.parametrize("path", ALGORITHMS, ids=lambda it: it.stem)
def test_an_algorithm_says_how_one_would_know_that_it_is_wrong(path):
    """Signs that a clinic can see, and the tests that would turn red; each of them is there."""
    _, heading, part = path.read_text(encoding="utf-8").partition("## How we would know it is wrong\n")
    named = NAMED_TEST.findall(part)
    tests = "\n".join(it.read_text(encoding="utf-8") for it in ROOT.glob("src/**/tests/test_*.py"))
    assert heading
    assert part.count("\n- ") >= 2
    assert len(named) >= 2
    assert [name for name in named if f"def {name}(" not in tests] == []
