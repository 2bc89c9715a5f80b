"""Security labels (meta.security): what the sender binds the reader to, as 42 CFR Part 2 (H21).

Codes: HL7 v3 Confidentiality and ActCode.
"""

from __future__ import annotations

from typing import Any

from openkap.interop.fhir.reading import codes, mapping
from openkap.kernel.code import Code

WORDS = {
    ("confidentiality", "R"): "restricted",
    ("confidentiality", "V"): "very restricted",
    ("confidentiality", "M"): "moderate",
    ("act", "42CFRPart2"): "42 CFR Part 2: substance-use treatment records",
    ("act", "SUD"): "substance use",
    ("act", "ETH"): "substance use",
    ("act", "ETHUD"): "alcohol use",
    ("act", "OPIOIDUD"): "opioid use",
    ("act", "PSY"): "psychiatry",
    ("act", "PSYTHPN"): "psychotherapy notes",
    ("act", "HIV"): "HIV",
    ("act", "SDV"): "sexual assault, abuse or violence",
}
NO_MORE_THAN_USUAL = {("confidentiality", code) for code in "ULN"}


def labels_of(*resources: dict[str, Any]) -> tuple[Code, ...]:
    """Every label these carry that asks for more than usual care, each once."""
    labels = [
        code
        for resource in resources
        for code in codes({"coding": mapping(resource.get("meta")).get("security")})
        if (code.system, code.code) not in NO_MORE_THAN_USUAL
    ]
    return tuple({(code.system, code.code): code for code in labels}.values())


def in_words(label: Code) -> str:
    """A label as a page says it."""
    return WORDS.get((label.system, label.code)) or label.display or label.code


def worded(labels: tuple[Code, ...]) -> tuple[Code, ...]:
    """The labels with the words a page says them in."""
    return tuple(Code(it.system, it.code, in_words(it)) for it in labels)
