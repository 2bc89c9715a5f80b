"""AllergyIntolerance: an allergy, or the word that there is none. No resource at all is "not asked" (H16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openkap.interop.fhir.labels import labels_of, worded
from openkap.interop.fhir.reading import Notes, codes, items, status_among, text, words
from openkap.interop.fhir.statements import WHY, FhirStatement, statement_in
from openkap.kernel.code import Code
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _

TAKEN_BACK = {"refuted", "entered-in-error"}
ENDED = {"inactive", "resolved"}
REACTION_MAX = 200


@dataclass(frozen=True, slots=True)
class AllergyRead:
    """One allergy as sent; `none_known` is the statement that there is none."""

    source_id: str
    text: str
    codes: tuple[Code, ...]
    active: bool
    reaction: str
    none_known: bool = False
    labels: tuple[Code, ...] = ()
    note: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether nobody has marked it as a mere possibility."""
        return not self.note


def read_allergy(resource: dict[str, Any], notes: Notes) -> AllergyRead | None:
    """The allergy; None, with the reason noted, when it is refuted, an error, or says nothing."""
    name, coded = _substance(resource)
    if not name:
        notes.skip(resource, text(resource.get("id")), why=_("It names no substance."))
        return None
    verified = status_among(resource.get("verificationStatus"), TAKEN_BACK, {"unconfirmed"})
    if verified in TAKEN_BACK:
        notes.skip(resource, name, why=render(_("The sender marks it {verified}."), {"verified": verified}))
        return None
    active = status_among(resource.get("clinicalStatus"), {"active"}, ENDED) not in ENDED
    said = statement_in(coded, name)
    if said in (FhirStatement.UNKNOWN, FhirStatement.ONE_KIND) or (said and not active):
        notes.skip(resource, name, why=WHY[said])
        return None
    return AllergyRead(
        source_id=text(resource.get("id")),
        text=name,
        codes=coded,
        active=active,
        reaction=_reaction(resource)[:REACTION_MAX],
        none_known=said is FhirStatement.NONE,
        labels=worded(labels_of(resource)),
        note=verified,
    )


def _substance(resource: dict[str, Any]) -> tuple[str, tuple[Code, ...]]:
    """What the allergy is to: its own name, and every substance a reaction names, with all their codes."""
    concepts = [resource.get("code"), *(one.get("substance") for one in items(resource.get("reaction")))]
    coded = tuple(dict.fromkeys(code for concept in concepts for code in codes(concept)))
    name = words(resource.get("code"))
    others = dict.fromkeys(told for concept in concepts[1:] if (told := words(concept)))
    also = ", ".join(told for told in others if told.casefold() not in name.casefold())
    return (f"{name} ({also})" if name and also else name or also), coded


def _reaction(resource: dict[str, Any]) -> str:
    """What happened, how grave it was, and in which words."""
    told = []
    for one in items(resource.get("reaction")):
        signs = [words(sign) for sign in items(one.get("manifestation"))]
        signs += [text(one.get("description")), text(one.get("severity"))]
        told.append(", ".join(sign for sign in signs if sign))
    if text(resource.get("criticality")) == "high":
        told.append("high criticality")
    return "; ".join(one for one in told if one)
