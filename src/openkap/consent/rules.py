"""Pure: when a consent may be signed, what it covers, and which choices may still change.

Nobody signs, and no choice widens, from the start of a dose until the person has left (H19).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from openkap.consent.documents import Document
from openkap.kernel.refusal import Objection


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice; a higher `rank` allows more."""

    value: str
    label: str
    rank: int


@dataclass(frozen=True, slots=True)
class ChoiceKind:
    """One thing a person chooses before a session. Without options it is free text."""

    name: str
    label: str
    help: str
    options: tuple[Option, ...] = ()

    def option(self, value: str) -> Option | None:
        """The option of this value, or None."""
        return next((option for option in self.options if option.value == value), None)

    @property
    def unset(self) -> str:
        """What holds while nobody has chosen: the least."""
        return min(self.options, key=lambda option: option.rank).value if self.options else ""


CHOICES = (
    ChoiceKind(
        "touch",
        "Touch",
        "Except to keep you safe, nobody touches you beyond this.",
        (
            Option("none", "No touch", 0),
            Option("hand", "A hand on mine, if I reach out", 1),
            Option("shoulder", "A hand on my hand or shoulder, when I ask", 2),
        ),
    ),
    ChoiceKind(
        "music",
        "Music",
        "You can always ask for it to stop.",
        (Option("none", "Quiet", 0), Option("soft", "Soft music", 1), Option("full", "The clinic's list", 2)),
    ),
    ChoiceKind(
        "recording",
        "Recording",
        "Apart from your treatment. You need not agree.",
        (
            Option("none", "No recording", 0),
            Option("sound", "Sound, for me and my therapist", 1),
            Option("video", "Sound and picture", 2),
        ),
    ),
    ChoiceKind("stop_word", "My stop word", "Say or sign this, and we stop what we are doing."),
    ChoiceKind("what_helps", "What helps me", "When it gets hard: words, a blanket, breathing, silence."),
)
BY_NAME: Mapping[str, ChoiceKind] = {kind.name: kind for kind in CHOICES}


def content_to_sign(document: Document, *, patient_name: str, record_number: str) -> str:
    """Exactly the text that is signed, in a fixed form: a changed byte is another text."""
    lines = [document.title, f"Document {document.name}", f"{patient_name}, {record_number}", document.intro]
    for place, element in enumerate(document.elements, start=1):
        lines += [f"{place}. {element.title}", element.text]
    lines.append("I have read or been read each part, it is clear to me, and I agree to the treatment.")
    return "\n".join(lines) + "\n"


def objections_to_signing(
    document: Document,
    *,
    newest: Document,
    understood: Set[str],
    typed_name: str,
    patient_name: str,
    impaired_since: datetime | None,
    already_signed: bool,
) -> list[Objection]:
    """Everything that stands against this signature now."""
    found = objections_while_impaired(impaired_since)
    if document.version != newest.version:
        text = f"This is version {document.version}. Version {newest.version} is the one to sign now."
        found.append(Objection("version", text))
    open_elements = [element for element in document.elements if element.id not in understood]
    if open_elements:
        names = ", ".join(element.title.lower() for element in open_elements)
        found.append(Objection("understood", f"Not yet gone through: {names}.", "understood"))
    if _folded(typed_name) != _folded(patient_name):
        found.append(Objection("name", f"Type the name as it stands here: {patient_name}.", "typed_name"))
    if already_signed:
        found.append(Objection("signed", "This version has already been signed."))
    return found


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def objections_while_impaired(impaired_since: datetime | None) -> list[Objection]:
    """Between the start of a dose and leaving, nothing new is signed (H19)."""
    if impaired_since is None:
        return []
    text = "A dose has been given and the person has not left yet. Nothing is signed until then."
    return [Objection("impaired", text)]


def objections_to_choosing(
    *, name: str, value: str, now_chosen: str, impaired_since: datetime | None
) -> list[Objection]:
    """A choice must be one we know; after the dose has started it may only ask for less."""
    kind = BY_NAME.get(name)
    if kind is None:
        return [Objection("choice", "There is no such choice.", name)]
    if not kind.options:
        return _objections_to_words(kind, value, now_chosen, impaired_since)
    new, old = kind.option(value), kind.option(now_chosen or kind.unset)
    if new is None:
        return [Objection("choice", f"{kind.label}: choose one of the options.", name)]
    if impaired_since is not None and (old is None or new.rank > old.rank):
        text = f"{kind.label}: during a session it can only become less. Now: {old.label if old else 'none'}."
        return [Objection("only_less", text, name)]
    return []


def _objections_to_words(
    kind: ChoiceKind, value: str, now_chosen: str, impaired_since: datetime | None
) -> list[Objection]:
    if impaired_since is not None and value.strip() != now_chosen:
        return [Objection("only_less", f"{kind.label} stays as it was before the dose.", kind.name)]
    if len(value) > 500:
        return [Objection("long", f"{kind.label}: please keep it under 500 characters.", kind.name)]
    return []
