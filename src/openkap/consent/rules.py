"""Pure: when a consent may be signed, what it covers, and which choices may still change.

Consent and choices are the person's own: they answer, sign and choose; a prescriber signs that they
could decide.
Nobody signs, and no choice widens, from the start of a dose until the person has left (H19).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from openkap.consent.documents import Document
from openkap.kernel.refusal import Objection, unlisted

CLINICIANS = frozenset({"prescriber", "nurse", "therapist"})
PRESCRIBER = "prescriber"
SHORTEST_ANSWER = 2
LONGEST_ANSWER = 1000


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


ABILITIES = {
    "understands": "They can say in their own words what the treatment is and what can go wrong",
    "appreciates": "They see what it means for themself",
    "reasons": "They can weigh it against the other ways",
    "chooses": "They can state a choice and keep to it",
}
OWN_ONLY = "The person answers this themself: in their own sign-in, or on a screen handed over to them."


@dataclass(frozen=True, slots=True)
class Signer:
    """Who acts, as the rules see them: the person, and if not in their own sign-in, under which hand-over."""

    role: str
    signed_in: bool
    hand_over_open: bool = False

    @property
    def is_the_person(self) -> bool:
        """Whether it is the person themself, in a sign-in of their own or on a screen handed to them."""
        return self.role == "patient" and (self.signed_in or self.hand_over_open)


def content_to_sign(document: Document, *, patient_name: str, record_number: str, prescriber: str) -> str:
    """Exactly the text that is signed, in a fixed form: a changed byte is another text."""
    lines = [document.title, f"Document {document.name}", f"{patient_name}, {record_number}", document.intro]
    for place, element in enumerate(document.elements, start=1):
        lines += [f"{place}. {element.title}", element.text]
    lines.append(f"I have talked about it with {prescriber}.")
    lines.append("I have read or been read each part, it is clear to me, and I agree to the treatment.")
    return "\n".join(lines) + "\n"


def objections_to_handing_over(*, role: str, identity_checked: bool) -> list[Objection]:
    """Why a screen is not handed to the person: a clinician does it, and has made sure who they are."""
    objections = []
    if role not in CLINICIANS:
        text = "A clinician of the care team hands the screen over and stays within call."
        objections.append(unlisted("role", text))
    if not identity_checked:
        text = "Ask for the full name and the date of birth, and say that you have."
        objections.append(unlisted("identity", text, "identity_checked"))
    return objections


def objections_to_understanding(
    document: Document, answers: Mapping[str, str], *, signer: Signer, impaired_since: datetime | None
) -> list[Objection]:
    """Why answers to the questions of a document are not kept. Each is the person's own, in their words."""
    objections = objections_while_impaired(impaired_since)
    if not signer.is_the_person:
        objections.append(unlisted("own", OWN_ONLY))
    known = {element.id for element in document.elements}
    if not answers.keys() <= known:
        objections.append(unlisted("element", "The document has no such part."))
    for element in answers.keys() & known:
        answer = answers[element].strip()
        if len(answer) < SHORTEST_ANSWER:
            text = "Answer the question in your own words."
            objections.append(unlisted("answer", text, f"answer_{element}"))
        if len(answer) > LONGEST_ANSWER:
            text = f"Please keep it under {LONGEST_ANSWER} characters."
            objections.append(unlisted("long", text, f"answer_{element}"))
    return objections


def objections_to_capacity(
    document: Document,
    *,
    role: str,
    understood: Set[str],
    could_decide: bool,
    abilities: Set[str],
    note: str,
    impaired_since: datetime | None,
) -> list[Objection]:
    """Why a prescriber cannot sign now whether the person could decide."""
    objections = objections_while_impaired(impaired_since)
    if role != PRESCRIBER:
        objections.append(unlisted("role", "A prescriber talks with the person and signs this."))
    if could_decide and (titles := _not_answered(document, understood)):
        text = f"The person has not yet answered: {titles}."
        objections.append(unlisted("understood", text))
    if could_decide and abilities != set(ABILITIES):
        text = "Who lacks one of the four abilities cannot consent now. Sign that they could not decide."
        objections.append(unlisted("abilities", text, "abilities"))
    if not could_decide and not note.strip():
        objections.append(unlisted("note", "Write down what stood in the way.", "note"))
    return objections


def _not_answered(document: Document, understood: Set[str]) -> str:
    return ", ".join(it.title.lower() for it in document.elements if it.id not in understood)


def objections_to_signing(
    document: Document,
    *,
    newest: Document,
    understood: Set[str],
    typed_name: str,
    patient_name: str,
    impaired_since: datetime | None,
    already_signed: bool,
    signer: Signer,
    could_decide: bool | None,
) -> list[Objection]:
    """Everything that stands against this signature now. `could_decide` is None while nobody has said."""
    objections = objections_while_impaired(impaired_since)
    if not signer.is_the_person:
        objections.append(unlisted("own", OWN_ONLY))
    if document.version != newest.version:
        text = f"This is version {document.version}. Version {newest.version} is the one to sign now."
        objections.append(unlisted("version", text))
    if titles := _not_answered(document, understood):
        objections.append(unlisted("understood", f"Not yet gone through: {titles}.", "understood"))
    if could_decide is None:
        text = "A prescriber talks it through with you first, and signs that you could decide."
        objections.append(unlisted("talk", text))
    elif not could_decide:
        text = "The prescriber has signed that you could not decide when you talked. Talk again first."
        objections.append(unlisted("capacity", text))
    if _folded(typed_name) != _folded(patient_name):
        text = f"Type the name as it stands here: {patient_name}."
        objections.append(unlisted("name", text, "typed_name"))
    if already_signed:
        objections.append(unlisted("signed", "This version has already been signed."))
    return objections


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def objections_while_impaired(impaired_since: datetime | None) -> list[Objection]:
    """Between the start of a dose and leaving, nothing new is signed (H19)."""
    if impaired_since is None:
        return []
    text = "A dose has been given and the person has not left yet. Nothing is signed until then."
    return [unlisted("impaired", text)]


def objections_to_choosing(
    *, name: str, value: str, now_chosen: str, impaired_since: datetime | None, by_the_person: bool
) -> list[Objection]:
    """A choice must be one we know. Only the person widens it, and nobody after a dose has started."""
    kind = BY_NAME.get(name)
    if kind is None:
        return [unlisted("choice", "There is no such choice.", name)]
    if not kind.options:
        return _objections_to_words(kind, value, now_chosen, impaired_since, by_the_person)
    new, old = kind.option(value), kind.option(now_chosen or kind.unset)
    if new is None:
        return [unlisted("choice", f"{kind.label}: choose one of the options.", name)]
    if old is not None and new.rank <= old.rank:
        return []
    if impaired_since is not None:
        text = f"{kind.label}: during a session it can only become less. Now: {old.label if old else 'none'}."
        return [unlisted("only_less", text, name)]
    if not by_the_person:
        text = f"{kind.label}: only the person can allow more. Now: {old.label if old else 'none'}."
        return [unlisted("own", text, name)]
    return []


def _objections_to_words(
    kind: ChoiceKind, value: str, now_chosen: str, impaired_since: datetime | None, by_the_person: bool
) -> list[Objection]:
    changed = value.strip() != now_chosen
    if impaired_since is not None and changed:
        return [unlisted("only_less", f"{kind.label} stays as it was before the dose.", kind.name)]
    if not by_the_person and changed:
        return [unlisted("own", f"{kind.label}: these are the person's own words.", kind.name)]
    if len(value) > 500:
        return [unlisted("long", f"{kind.label}: please keep it under 500 characters.", kind.name)]
    return []
