"""AllergyIntolerance: an allergy, or the word that there is none. No resource at all is "not asked" (H16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openkap.interop.fhir.reading import Notes, codes, items, status_among, text, words
from openkap.kernel.code import Code

# SNOMED CT: no known allergy; no known drug allergy is narrower and says nothing of other allergies.
NO_KNOWN_ALLERGY = {"716186003"}
TAKEN_BACK = {"refuted", "entered-in-error"}
ENDED = {"inactive", "resolved"}
NARROWER_NONE = {"409137002", "429625007", "428607008"}


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
    numbers = {code.code for code in found if code.system == "snomed"}
    if numbers & NARROWER_NONE:
        notes.skip(
            "AllergyIntolerance", name, "It rules out one kind of allergy only; the list stays not asked."
        )
        return None
    reactions = [
        words(sign) for one in items(resource.get("reaction")) for sign in items(one.get("manifestation"))
    ]
    return AllergyRead(
        source_id=text(resource.get("id")),
        text=name,
        codes=found,
        active=status_among(resource.get("clinicalStatus"), {"active"}, ENDED) not in ENDED,
        reaction=", ".join(sign for sign in reactions if sign)[:200],
        none_known=bool(numbers & NO_KNOWN_ALLERGY),
    )
