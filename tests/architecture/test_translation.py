"""Every sentence a person sees comes out of a catalogue, whole, in the reader's language.

The sources are read (templates, Python, the front end), and the pages are walked in a language nobody
speaks, in which every translated sentence stands between marks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests import messages

UNITS = {
    "mg",
    "kg",
    "lb",
    "ml",
    "h",
    "min",
    "mmhg",
    "s",
    "y",
    "cm",
    "g",
    "dl",
    "c",
    "mb",
    "spo",
    "spo₂",
    "openkap",
    "kap",
}
WORD = re.compile(r"(?<!\w)[^\W\d_][^\W\d_’'-]*(?!\w)")
# Written for a browser alone: a class of the body, a theme, and a button put together tag by tag.
_CODES = re.compile(r"\{% block (?:body_class|theme) %\}.*?\{% endblock %\}", re.S)
_TRANSLATED = re.compile(
    r"\{% blocktranslate\b.*?\{% endblocktranslate %\}|\{% comment %\}.*?\{% endcomment %\}", re.S
)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)
NO_SENTENCES = "allauth/elements/button.html"
SPOKEN = ("aria-label", "placeholder", "alt", "title", "data-label")
NOT_SPOKEN = ("script", "style", "textarea", "code")


def _words(text: str) -> list[str]:
    """The words of a text that a translator would have to find: units are the same in every language."""
    return [it for it in WORD.findall(re.sub(r"&\w+;", " ", text)) if it.lower() not in UNITS]


# --- the sources -----------------------------------------------------------------------------


class _Texts(HTMLParser):
    """Whatever of a page is read or read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.silent or tag in NOT_SPOKEN or ("class", "face") in attrs:  # a face: a person's initials
            self.silent.append(tag)
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def _spoken(page: str) -> list[str]:
    reader = _Texts()
    reader.feed(page)
    return reader.found


def _said_by(template: str) -> list[str]:
    """What a template says by itself, without what its tags and variables put in."""
    bare = _TAG.sub("", _TRANSLATED.sub("", _CODES.sub("", template)))
    return [" ".join(it.split()) for it in _spoken(bare) if _words(it)]


PAGES_AND_MAIL = [it for it in messages.templates() if it.suffix != ".typ" and NO_SENTENCES not in str(it)]


@pytest.mark.parametrize("path", PAGES_AND_MAIL, ids=lambda it: it.name)
def test_a_template_says_nothing_by_itself(path: Path):
    """Whatever a page says stands inside `translate` or `blocktranslate`."""
    assert _said_by(path.read_text("utf-8")) == []


def test_the_reading_of_templates_finds_what_stands_outside():
    """The rule above would not see anything if its reader were blind."""
    source = '<p title="Read me">{% if a %}Hello{% endif %}{% translate "yes" %}<b class="big">now</b></p>'
    assert _said_by(source) == ["Read me", "Hello", "now"]
    assert _said_by("{% blocktranslate %}all <b>good</b>{% endblocktranslate %}") == []


PAPERS = [it for it in messages.templates() if it.suffix == ".typ"]
_VALUE = re.compile(r"\{\{(.*?)\}\}")
_FILTERED = re.compile(r"\{% filter typst %\}.*?\{% endfilter %\}", re.S)
_MARKUP = re.compile(r"#\w+[^\[\n]*|\w+: (?:auto|\d\w*|\()")


@pytest.mark.parametrize("path", PAPERS, ids=lambda it: it.name)
def test_a_paper_says_nothing_by_itself_and_no_value_can_be_markup(path: Path):
    """HTML escaping is off in a paper: every value and every sentence is escaped for typst (H29)."""
    source = _FILTERED.sub("", path.read_text("utf-8"))
    assert [it for it in _VALUE.findall(source) if not it.strip().endswith("|typst")] == []
    said = [
        _MARKUP.sub(" ", line) for line in _TAG.sub("", source).splitlines() if not line.startswith("#set")
    ]
    assert [line for line in said if _words(line)] == []


KEYWORDS = {"label", "help_text", "empty_label"}
SPEAKING = re.compile(r"(^|\.)(ValidationError|add_error)$|^messages\.(success|info|warning|error)$")


def _unmarked(tree: ast.AST) -> Iterator[ast.AST]:
    """Texts of forms, choices and messages that are plain strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if re.search(r"Field$", name):
                yield from (it.value for it in node.keywords if it.arg in KEYWORDS)
            elif SPEAKING.search(name) or name == "NavigationEntry":
                yield from node.args[:1] if name in ("NavigationEntry", "ValidationError") else node.args[:2]
        elif isinstance(node, ast.ClassDef) and any("TextChoices" in ast.unparse(it) for it in node.bases):
            pairs = (it.value for it in node.body if isinstance(it, ast.Assign))
            yield from (it.elts[1] for it in pairs if isinstance(it, ast.Tuple) and len(it.elts) == 2)


def _plain(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(it, ast.Constant) and bool(_words(str(it.value))) for it in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_words(node.value))


@pytest.mark.parametrize("path", messages.python_sources(), ids=lambda it: f"{it.parent.name}/{it.name}")
def test_what_forms_and_messages_say_is_marked(path: Path):
    """A label, a help text, a choice or a message is never a plain string."""
    if "demo" in path.parts or "backup" in path.parts:
        pytest.skip("the demo's people and the operator's commands speak English")
    tree = ast.parse(path.read_text("utf-8"))
    found = {f"line {it.lineno}: {ast.unparse(it)[:80]}" for it in _unmarked(tree) if _plain(it)}  # type: ignore[attr-defined]
    assert {it for it in found if re.search(r"[A-Za-z]{2}", it.split(": ", 1)[1])} - _FIELD_NAMES(
        tree
    ) == set()


def _FIELD_NAMES(tree: ast.AST) -> set[str]:
    """The first argument of `add_error` names a field and is no sentence."""
    calls = (
        it for it in ast.walk(tree) if isinstance(it, ast.Call) and ast.unparse(it.func).endswith("add_error")
    )
    return {f"line {it.args[0].lineno}: {ast.unparse(it.args[0])[:80]}" for it in calls if it.args}


@pytest.mark.parametrize("path", messages.python_sources(), ids=lambda it: f"{it.parent.name}/{it.name}")
def test_no_sentence_is_filled_in_while_a_module_is_read(path: Path):
    """`_("...") % told` is English for ever where no request has begun: a class's body, a constant."""
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    later = {
        id(it) for function in ast.walk(tree) if isinstance(function, kinds) for it in ast.walk(function)
    }
    filled = [it for it in ast.walk(tree) if isinstance(it, ast.BinOp) and isinstance(it.op, ast.Mod)]
    texts = [
        it for it in filled if isinstance(it.left, ast.Call) and ast.unparse(it.left.func) in messages.NAMES
    ]
    assert [ast.unparse(it)[:80] for it in texts if id(it) not in later] == []


LITERAL = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")
CALLED = re.compile(r"\bn?gettext\(\s*(?:\"(?:[^\"\\]|\\.)*\",?\s*){1,2}")


@pytest.mark.parametrize("path", messages.front_sources(), ids=lambda it: it.name)
def test_what_the_front_end_says_is_marked_and_is_found(path: Path):
    """A sentence in TypeScript stands in `gettext`, where the catalogue's reader sees it."""
    source = re.sub(r"^\s*(//|/?\*).*$|//.*$|className = .*$", "", path.read_text("utf-8"), flags=re.M)
    marked = CALLED.findall(source)
    left = CALLED.sub("", source)
    texts = (re.sub(r"\$\{[^{}]*\}", "", it) for it in LITERAL.findall(left))
    sentences = [it for it in texts if re.search(r"[A-Z][a-z]+ [a-z]{2,}|[a-z]{3,} [a-z]{3,} [a-z]{2,}", it)]
    assert [it for it in sentences if not re.search(r"[\[\]#=]", it)] == []
    if path.name != "words.ts":
        found = [it for it in messages.front_catalogue() if it.id and path.name in str(it.locations)]
        assert len(found) == len({re.sub(r"\s+", " ", it) for it in marked})


def test_every_message_is_a_whole_text():
    """No half brackets, no blanks at its ends: a translator sees the sentence and not a piece of it."""
    odd = []
    for message in [*messages.pages_catalogue(), *messages.front_catalogue()]:
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            whole = text == text.strip() and text[:1] not in ",.;:)"
            if text and not (
                whole and text.count("(") == text.count(")") and text.count("“") == text.count("”")
            ):
                odd.append(text)
    assert odd == []


def test_a_new_sentence_that_the_catalogue_lacks_makes_the_check_red(tmp_path, monkeypatch, capsys):
    """`make check` compares; what is forgotten would never be translated."""
    assert messages.main(["--check"]) == 0
    whole = messages.pages_catalogue()
    whole.add("Nobody has said this before.")
    monkeypatch.setitem(messages.CATALOGUE_OF, "django.pot", lambda: whole)
    assert messages.main(["--check"]) == 1
    assert "new: Nobody has said this before." in capsys.readouterr().err
