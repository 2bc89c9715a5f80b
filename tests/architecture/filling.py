"""The forms of a page, filled in and sent, to see what comes back after a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"", "text", "search", "tel", "email", "number", "date", "time", "datetime-local", "url"}


@dataclass
class Form:
    """One form of a page: where it goes, what its hidden fields and buttons say, and what can be typed."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Which form it is, wherever its row stands."""
        return self.hidden.get("form", "")

    def filled(self) -> dict[str, str]:
        """Every line with words that stand nowhere else on the page, and every choice made."""
        return {**self.hidden, **self.chosen, **{name: words(name) for name in self.lines}}


def words(name: str) -> str:
    """What is typed into a field: its name makes it unlike any other."""
    return f"typed into {name} <7>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.here: Form | None = None
        self.by_id: dict[str, Form] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.here = Form(values.get("action", "")) if values.get("method") == "post" else None
            self.forms += [self.here] if self.here else []
            self.by_id |= {values["id"]: self.here} if self.here and "id" in values else {}
        if tag == "button" and values.get("type", "submit") == "submit" and "disabled" not in values:
            self._button(values)
        if self.here is None or "disabled" in values:
            return
        name, kind = values.get("name", ""), values.get("type", "")
        if tag == "option" and self.select and values.get("value"):
            self.here.chosen[self.select] = values["value"]
        elif tag == "select":
            self.select = name
        elif not name:
            return
        elif tag == "textarea" or (tag == "input" and kind in TYPED):
            self.here.lines.append(name)
            self.here.kinds[name] = values.get("inputmode") or kind
        elif tag == "input" and kind == "hidden":
            self.here.hidden[name] = values.get("value", "")
        elif tag == "input" and kind in ("radio", "checkbox"):
            self.here.chosen[name] = values.get("value", "on")

    def _button(self, values: dict[str, str]) -> None:
        """A button of the form around it, or of the one it names: where it sends, and what it adds."""
        form = self.by_id.get(values["form"]) if "form" in values else self.here
        if form is not None:
            added = {values["name"]: values.get("value", "")} if values.get("name") else {}
            form.buttons.append((values.get("formaction") or form.action, added))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None
        if tag == "select":
            self.select = ""


def forms_of(page: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
