"""Patient: who the bundle is about. What nobody can be registered by is said, and never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.interop.fhir.names import Name, names_of
from openkap.interop.fhir.reading import Notes, codes, day, items, mapping, partial_date, text, words_in
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _

SEXES = {"male", "female", "other", "unknown"}
OLDEST_YEARS = 130
NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class PatientRead:
    """The person as the other system names them. Identifiers are (system, value).

    `birth_date` is a whole day or None; `born` is what was sent, as exact as it was sent.
    """

    source_id: str = ""
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = "unknown"
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    born: str = ""
    other_names: tuple[Name, ...] = ()

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


def read_patient(resource: dict[str, Any], notes: Notes, *, today: date) -> PatientRead:
    """The patient, with a note for each thing without which nobody can be registered."""
    name, others = names_of(resource, today=today)
    _note_name(resource, name, notes=notes)
    sex, raw_sex = text(resource.get("gender")).casefold(), text(resource.get("gender"))
    if raw_sex and sex not in SEXES:
        notes.skip(resource, raw_sex, why=_("This is no administrative gender of FHIR; it is not taken in."))
    _note_standing(resource, notes)
    return PatientRead(
        source_id=text(resource.get("id")),
        given_name=name.given[:NAME_MAX] if name else "",
        family_name=name.family[:NAME_MAX] if name else "",
        birth_date=_birth_date(resource, notes, today=today),
        sex=sex if sex in SEXES else "unknown",
        phone=_contact(resource, "phone"),
        email=_contact(resource, "email"),
        address=_address(resource),
        language=_language(resource),
        identifiers=tuple(_identifiers(resource)),
        born=partial_date(resource.get("birthDate")),
        other_names=others,
    )


def _note_name(resource: dict[str, Any], name: Name | None, *, notes: Notes) -> None:
    if name is None:
        notes.skip(resource, "name", why=_("The patient has no name; take the person in by hand."))
    elif name.in_one_piece:
        why = _("The name came in one piece. It stands whole under the given name; correct it once taken in.")
        notes.skip(resource, name.whole, why=why)
    elif max(len(name.given), len(name.family)) > NAME_MAX:
        notes.skip(
            resource,
            name.whole,
            why=render(_("A part of the name is longer than {most} signs, and cut."), {"most": NAME_MAX}),
        )


def _birth_date(resource: dict[str, Any], notes: Notes, *, today: date) -> date | None:
    """The whole day of birth; a year alone is none, and is never made one."""
    raw, born = text(resource.get("birthDate")), day(resource.get("birthDate"))
    if born is not None and len(raw) == 10:
        if today.year - OLDEST_YEARS <= born.year and born <= today:
            return born
        notes.skip(resource, raw, why=_("This birth date is impossible; take the person in by hand."))
    elif partial_date(resource.get("birthDate")):
        notes.skip(resource, raw, why=_("The birth date is not a whole day; take the person in by hand."))
    else:
        notes.skip(
            resource, raw or "birth date", why=_("There is no birth date; take the person in by hand.")
        )
    return None


def _note_standing(resource: dict[str, Any], notes: Notes) -> None:
    """What the other system says of the record itself."""
    if resource.get("deceasedDateTime") or resource.get("deceasedBoolean") is True:
        why = _("The other system records a death. Check that this is the right person.")
        notes.skip(resource, "deceased", why=why)
    if resource.get("active") is False:
        notes.skip(
            resource, "not active", why=_("The other system uses this record no longer. Check whose it is.")
        )
    if any(text(link.get("type")) in ("replaced-by", "refer") for link in items(resource.get("link"))):
        notes.skip(
            resource, "replaced", why=_("The other system keeps this person under another record, too.")
        )


def _contact(resource: dict[str, Any], system: str) -> str:
    """The way to reach them that holds now: not an old one, and the sender's first choice first."""
    told = [one for one in items(resource.get("telecom")) if text(one.get("system")) == system]
    told = [one for one in told if text(one.get("use")) != "old" and text(one.get("value"))]
    return text(min(told, key=_rank).get("value")) if told else ""


def _rank(contact: dict[str, Any]) -> int:
    rank = contact.get("rank")
    return rank if isinstance(rank, int) and not isinstance(rank, bool) and rank > 0 else 1_000


def _address(resource: dict[str, Any]) -> str:
    told = list(items(resource.get("address")))
    first = next((one for one in told if text(one.get("use")) != "old"), {})
    parts = [*words_in(first.get("line")), text(first.get("city")), text(first.get("state"))]
    parts += [text(first.get("postalCode")), text(first.get("country"))]
    return (", ".join(part for part in parts if part) or text(first.get("text")))[:300]


def _language(resource: dict[str, Any]) -> str:
    told = list(items(resource.get("communication")))
    first = next((one for one in told if one.get("preferred") is True), told[0] if told else {})
    return next((code.code for code in codes(mapping(first.get("language"))) if code.code), "")[:20]


def _identifiers(resource: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = [(text(one.get("system")), text(one.get("value"))) for one in items(resource.get("identifier"))]
    return [pair for pair in pairs if pair[1]]
