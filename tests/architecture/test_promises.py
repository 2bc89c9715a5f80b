"""Nothing is promised to a patient that the software does not keep (H12, H19).

Every sentence of a patient's texts that speaks of what happens, is kept or is done for them stands in
`docs/safety/promises.md`, with the test that goes red when it is no longer so.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from openkap.notices.rules import OTHER, WORDS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "openkap"
PAPER = ROOT / "docs" / "safety" / "promises.md"
PAGES = (
    "*/templates/*/own*.html",
    "alerts/templates/alerts/crisis.html",
    "consent/templates/consent/choices.html",
    "consent/templates/consent/document.html",
    "consent/templates/consent/in_their_hands.html",
    "consent/templates/consent/withdraw.html",
    "desk/templates/desk/no_record.html",
    "followup/templates/followup/thanks.html",
)
SPEAKS_OF_US = re.compile(
    r"\b(we|us|our|will|somebody|someone|nobody|anybody|care team|team|told|sent|saved|noted|measured"
    r"|looked for|waits?|counts? as|stays?|stands?|shows?|checked|signs|recorded|protected|private|watch"
    r"|at any|always|never|without giving|no reason|starts?|gone on|open)\b",
    re.IGNORECASE,
)


def _sentences(text: str) -> list[str]:
    plain = " ".join(text.split())
    return [it.strip() for it in re.split(r"(?<=[.!?])\s+(?=[A-Z“…])", plain) if it.strip()]


def _page_text(path: Path) -> list[str]:
    """The sentences of a template: each branch by itself, what is filled in as “…”."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", "", text)
    text = re.sub(r"\{% tag \"\w+\" _\(\"([^\"]*)\"\) %\}", r" \1. ", text)
    text = re.sub(r"\{% translate ([\"'])(.*?)\1 %\}", r"\2", text)
    text = re.sub(r"\{% (?:end)?blocktranslate.*?%\}", "", text)
    text = re.sub(r"\{\{.*?\}\}", "…", text)
    pieces = re.split(r"\{%.*?%\}|</?(?:p|h\d|li|dt|dd|div|section|button|label|summary|br)\b[^>]*>", text)
    plain = [re.sub(r"<[^>]+>", "", piece) for piece in pieces]
    return [sentence for piece in plain for sentence in _sentences(piece)]


@cache
def said() -> dict[str, str]:
    """Every sentence a patient reads that speaks of what happens to them, with where it stands."""
    found: dict[str, str] = {}
    for path in sorted({path for pattern in PAGES for path in SOURCE.glob(pattern)}):
        found |= dict.fromkeys(_page_text(path), path.name)
    for path in sorted((SOURCE / "consent" / "documents").glob("*.yaml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        for text in (body["intro"], *(element["text"] for element in body["elements"])):
            found |= dict.fromkeys(_sentences(text), path.name)
    for subject, text in (*WORDS.values(), OTHER):
        found |= dict.fromkeys(_sentences(f"{subject}. {text}"), "notices/rules.py")
    return {sentence: where for sentence, where in found.items() if SPEAKS_OF_US.search(sentence)}


def _rows(heading: str) -> list[list[str]]:
    part = PAPER.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [row for row in rows[1:] if set(row[0]) != {"-"}]


@cache
def promised() -> dict[str, str]:
    """The promises of the paper, each with what keeps it."""
    return {row[0]: row[1].strip("`") for row in _rows("Promises")}


@cache
def only_said() -> frozenset[str]:
    """The sentences that speak of us and promise nothing."""
    return frozenset(row[0] for row in _rows("Said, and no promise"))


def test_every_sentence_that_promises_something_is_listed():
    missing = {it: where for it, where in said().items() if it not in promised() and it not in only_said()}
    assert not missing, "\n".join(f"{where}: {sentence}" for sentence, where in missing.items())


def test_the_paper_lists_nothing_that_is_no_longer_said():
    stale = (set(promised()) | only_said()) - set(said())
    assert not stale, "\n".join(sorted(stale))


@pytest.mark.parametrize("promise", promised())
def test_each_promise_is_kept_by_a_test_that_is_there(promise):
    place, _, name = promised()[promise].partition("::")
    path = ROOT / place
    assert path.is_file(), f"{place} is not there."
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name
