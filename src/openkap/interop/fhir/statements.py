"""Statements about a whole list: there is nothing, nothing is known, or one kind of thing is ruled out (H16).

They stand where an entry of the list would stand, and are none. "Nothing is known of it" leaves the list not
asked; "there is none" answers it, while it holds; what rules out one kind alone answers nothing.
Codes: International Patient Summary, absent-unknown-uv-ips; SNOMED CT 716186003 and, formerly, 160244002.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from openkap.chart.rules import says_none
from openkap.kernel.code import Code
from openkap.kernel.wording import sentence as _

_UNKNOWN = {"no-allergy-info", "no-medication-info", "no-problem-info"}
_NONE = {"no-known-allergies", "no-known-medications", "no-known-problems"}
_ONE_KIND = {
    "no-known-medication-allergies",
    "no-known-environmental-allergies",
    "no-known-food-allergies",
}
_NONE_SNOMED = {"716186003", "160244002"}
_ONE_KIND_SNOMED = {"409137002", "429625007", "428607008"}
# Whole phrases alone: an allergy to an "unknown antibiotic" is an allergy.
_ONE_KIND_WORDS = re.compile(
    r"(nkda|no (known )?(drug|medication|medicine|food|environmental) allerg(y|ies))[.]?"
)
_UNKNOWN_WORDS = re.compile(
    r"(no information( available)?( (about|on) (known )?(allergies|medications?|medicines|problems))?"
    r"|unknown|not known|not recorded|not asked|(allergies|allergy status) (unknown|not known))[.]?"
)


class FhirStatement(StrEnum):
    """What an entry says of its list instead of being one of it."""

    NONE = "none"
    UNKNOWN = "unknown"
    ONE_KIND = "one_kind"
    NOTHING = ""


def statement_in(coded: Iterable[Code], words: str) -> FhirStatement:
    """What the codes or, without one that says so, the words say of the whole list."""
    ips = {code.code for code in coded if code.system == "ips"}
    snomed = {code.code for code in coded if code.system == "snomed"}
    plain = " ".join(words.casefold().split())
    if ips & _UNKNOWN or _UNKNOWN_WORDS.fullmatch(plain):
        return FhirStatement.UNKNOWN
    if ips & _ONE_KIND or snomed & _ONE_KIND_SNOMED or _ONE_KIND_WORDS.fullmatch(plain):
        return FhirStatement.ONE_KIND
    if ips & _NONE or snomed & _NONE_SNOMED or says_none(words):
        return FhirStatement.NONE
    return FhirStatement.NOTHING


WHY = {
    FhirStatement.UNKNOWN: _("It says that nothing is known of this list; the list stays not asked."),
    FhirStatement.ONE_KIND: _("It rules out one kind only; the list stays not asked."),
    FhirStatement.NONE: _("It said that there is none, and holds no more; the list stays not asked."),
}
