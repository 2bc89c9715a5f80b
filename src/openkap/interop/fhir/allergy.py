"""AllergyIntolerance: an allergy, or the word that there is none. No resource at all is "not asked" (H16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openkap.interop.fhir.reading import Notes, codes, items, status_among, text, words
from openkap.interop.fhir.statements import WHY, Statement, statement_in
from openkap.kernel.code import Code

TAKEN_BACK = {"refuted", "entered-in-error"}
ENDED = {"inactive", "resolved"}


@dataclass(frozen=True, slots=True)
class AllergyRead:
    """One allergy as sent; `none_known` is the statement that there is none."""

    source_id: str
    text: str
    codes: tuple[Code, ...]
    active: bool
    reaction: str
    none_known: bool = False


def read_allergy(resource: dict[str, Any], notes: Notes) -> AllergyRead | None:
    """The allergy; None, with the reason noted, when it is refuted, an error, or says nothing."""
    name, found = words(resource.get("code")), codes(resource.get("code"))
    if not name:
        notes.skip("AllergyIntolerance", text(resource.get("id")), "It names no substance.")
        return None
    verified = status_among(resource.get("verificationStatus"), TAKEN_BACK)
    if verified:
        notes.skip("AllergyIntolerance", name, f"The sender marks it {verified}.")
        return None
    active = status_among(resource.get("clinicalStatus"), {"active"}, ENDED) not in ENDED
    said = statement_in(found, name)
    if said in (Statement.UNKNOWN, Statement.ONE_KIND) or (said and not active):
        notes.skip("AllergyIntolerance", name, WHY[said])
        return None
    reactions = [
        words(sign) for one in items(resource.get("reaction")) for sign in items(one.get("manifestation"))
    ]
    return AllergyRead(
        source_id=text(resource.get("id")),
        text=name,
        codes=found,
        active=active,
        reaction=", ".join(sign for sign in reactions if sign)[:200],
        none_known=said is Statement.NONE,
    )
