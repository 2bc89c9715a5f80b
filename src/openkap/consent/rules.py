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
from openkap.consent.reasons import ConsentReason
from openkap.kernel.refusal import Objection, Refused
from openkap.kernel.wording import sentence as _
from openkap.kernel.wording import translated

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
        _("Touch"),
        _("Except to keep you safe, nobody touches you beyond this."),
        (
            Option("none", _("No touch"), 0),
            Option("hand", _("A hand on mine, if I reach out"), 1),
            Option("shoulder", _("A hand on my hand or shoulder, when I ask"), 2),
        ),
    ),
    ChoiceKind(
        "music",
        _("Music"),
        _("You can always ask for it to stop."),
        (
            Option("none", _("Quiet"), 0),
            Option("soft", _("Soft music"), 1),
            Option("full", _("The clinic's list"), 2),
        ),
    ),
    ChoiceKind(
        "recording",
        _("Recording"),
        _("Apart from your treatment. You need not agree."),
        (
            Option("none", _("No recording"), 0),
            Option("sound", _("Sound, for me and my therapist"), 1),
            Option("video", _("Sound and picture"), 2),
        ),
    ),
    ChoiceKind("stop_word", _("My stop word"), _("Say or sign this, and we stop what we are doing.")),
    ChoiceKind(
        "what_helps", _("What helps me"), _("When it gets hard: words, a blanket, breathing, silence.")
    ),
)
BY_NAME: Mapping[str, ChoiceKind] = {kind.name: kind for kind in CHOICES}


ABILITIES = {
    "understands": _("They can say in their own words what the treatment is and what can go wrong"),
    "appreciates": _("They see what it means for themself"),
    "reasons": _("They can weigh it against the other ways"),
    "chooses": _("They can state a choice and keep to it"),
}


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
        objections.append(ConsentReason.CLINICIANS_HAND_OVER())
    if not identity_checked:
        objections.append(ConsentReason.IDENTITY_NOT_CHECKED("identity_checked"))
    return objections


def objections_to_understanding(
    document: Document, answers: Mapping[str, str], *, signer: Signer, impaired_since: datetime | None
) -> list[Objection]:
    """Why answers to the questions of a document are not kept. Each is the person's own, in their words."""
    objections = objections_while_impaired(impaired_since)
    if not signer.is_the_person:
        objections.append(ConsentReason.THE_PERSON_ONLY())
    known = {element.id for element in document.elements}
    if not answers.keys() <= known:
        objections.append(ConsentReason.NO_SUCH_PART())
    for element in answers.keys() & known:
        answer = answers[element].strip()
        if len(answer) < SHORTEST_ANSWER:
            objections.append(ConsentReason.ANSWER_TOO_SHORT(f"answer_{element}"))
        if len(answer) > LONGEST_ANSWER:
            objections.append(ConsentReason.ANSWER_TOO_LONG(f"answer_{element}", most=LONGEST_ANSWER))
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
        objections.append(ConsentReason.PRESCRIBER_SIGNS())
    if could_decide and (titles := _not_answered(document, understood)):
        objections.append(ConsentReason.NOT_ANSWERED_BY_PERSON(titles=titles))
    if could_decide and abilities != set(ABILITIES):
        objections.append(ConsentReason.ABILITY_MISSING("abilities"))
    if not could_decide and not note.strip():
        objections.append(ConsentReason.NOTE_MISSING("note"))
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
        objections.append(ConsentReason.THE_PERSON_ONLY())
    if document.version != newest.version:
        objections.append(ConsentReason.NOT_THE_NEWEST(version=document.version, newest=newest.version))
    if titles := _not_answered(document, understood):
        objections.append(ConsentReason.NOT_GONE_THROUGH("understood", titles=titles))
    if could_decide is None:
        objections.append(ConsentReason.NOT_TALKED_YET())
    elif not could_decide:
        objections.append(ConsentReason.COULD_NOT_DECIDE())
    if _folded(typed_name) != _folded(patient_name):
        objections.append(ConsentReason.NAME_DIFFERS("typed_name", patient_name=patient_name))
    if already_signed:
        objections.append(ConsentReason.ALREADY_SIGNED())
    return objections


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def objections_while_impaired(impaired_since: datetime | None) -> list[Objection]:
    """Between the start of a dose and leaving, nothing new is signed (H19)."""
    if impaired_since is None:
        return []
    return [ConsentReason.IMPAIRED()]


def objections_to_choosing(
    *, name: str, value: str, now_chosen: str, impaired_since: datetime | None, by_the_person: bool
) -> list[Objection]:
    """A choice must be one we know. Only the person widens it, and nobody after a dose has started."""
    kind = BY_NAME.get(name)
    if kind is None:
        return [ConsentReason.NO_SUCH_CHOICE(name)]
    if not kind.options:
        return _objections_to_words(
            kind, value, now_chosen=now_chosen, impaired_since=impaired_since, by_the_person=by_the_person
        )
    new, old = kind.option(value), kind.option(now_chosen or kind.unset)
    if new is None:
        return [ConsentReason.CHOOSE_ONE(name, label=translated(kind.label))]
    if old is not None and new.rank <= old.rank:
        return []
    if impaired_since is not None:
        return [
            ConsentReason.ONLY_LESS(
                name, label=translated(kind.label), value=translated(old.label if old else _("none"))
            )
        ]
    if not by_the_person:
        return [
            ConsentReason.ONLY_THE_PERSON(
                name, label=translated(kind.label), value=translated(old.label if old else _("none"))
            )
        ]
    return []


def _objections_to_words(
    kind: ChoiceKind, value: str, *, now_chosen: str, impaired_since: datetime | None, by_the_person: bool
) -> list[Objection]:
    changed = value.strip() != now_chosen
    if impaired_since is not None and changed:
        return [ConsentReason.STAYS_AS_IT_WAS(kind.name, label=translated(kind.label))]
    if not by_the_person and changed:
        return [ConsentReason.OWN_WORDS(kind.name, label=translated(kind.label))]
    if len(value) > 500:
        return [ConsentReason.WORDS_TOO_LONG(kind.name, label=translated(kind.label))]
    return []


def newer_version() -> Refused:
    """What was answered belongs to the words that were on the page, and to no others."""
    return Refused(ConsentReason.NEWER_VERSION())


def no_such_version() -> Refused:
    """A document is signed in a version there is."""
    return Refused(ConsentReason.NO_SUCH_VERSION())


def no_such_consent() -> Refused:
    """The consent is not this clinic's."""
    return Refused(ConsentReason.NO_SUCH_CONSENT())


def no_such_record() -> Refused:
    """The person has no record here."""
    return Refused(ConsentReason.NO_SUCH_RECORD())


def objections_to_withdrawing(*, withdrawn: bool) -> list[Objection]:
    """A consent is taken back once; less may be asked for at any time."""
    return [ConsentReason.ALREADY_WITHDRAWN()] if withdrawn else []
