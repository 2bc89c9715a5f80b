"""Code systems by every name senders use: FHIR address, OID (HL7 v3, C-CDA) and HL7 v2 name (table 0396).

Source of addresses and OIDs: HL7 Terminology (THO), code systems; names: HL7 v2 table 0396. One system, one
short name, so that a rule which knows a code knows it whatever its system is called.
"""

from __future__ import annotations

import re

_URI = "http://terminology.hl7.org/CodeSystem/"
# short name → (address in FHIR, OID, names in HL7 v2)
_KNOWN: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "snomed": ("http://snomed.info/sct", "2.16.840.1.113883.6.96", ("SCT", "SNM3", "SNOMED CT", "SNOMED-CT")),
    "icd10cm": ("http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90", ("I10C", "ICD-10-CM")),
    "icd10": ("http://hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3", ("I10", "ICD-10", "ICD10")),
    "icd9cm": ("http://hl7.org/fhir/sid/icd-9-cm", "2.16.840.1.113883.6.103", ("I9CDX", "I9C", "ICD-9-CM")),
    "loinc": ("http://loinc.org", "2.16.840.1.113883.6.1", ("LN", "LOINC")),
    "rxnorm": ("http://www.nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88", ("RXNORM",)),
    "atc": ("http://www.whocc.no/atc", "2.16.840.1.113883.6.73", ("ATC", "WHO-ATC")),
    "ndc": ("http://hl7.org/fhir/sid/ndc", "2.16.840.1.113883.6.69", ("NDC",)),
    "unii": ("http://fdasis.nlm.nih.gov", "2.16.840.1.113883.4.9", ("UNII",)),
    "ucum": ("http://unitsofmeasure.org", "2.16.840.1.113883.6.8", ("UCUM",)),
    "mdc": ("urn:iso:std:iso:11073:10101", "2.16.840.1.113883.6.24", ("MDC",)),
    "ips": ("http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", "", ()),
    "confidentiality": (f"{_URI}v3-Confidentiality", "2.16.840.1.113883.5.25", ()),
    "act": (f"{_URI}v3-ActCode", "2.16.840.1.113883.5.4", ()),
}
# Addresses that mean the same: those of FHIR DSTU 2, and of the German editions, whose codes are WHO's.
_ALSO = {
    "http://hl7.org/fhir/sid/icd-10-us": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10-de": "icd10",
    "http://fhir.de/codesystem/bfarm/icd-10-gm": "icd10",
    "http://fhir.de/codesystem/dimdi/icd-10-gm": "icd10",
    "http://hl7.org/fhir/v3/confidentiality": "confidentiality",
    "http://hl7.org/fhir/v3/actcode": "act",
    "http://fhir.de/codesystem/bfarm/atc": "atc",
    "http://fhir.de/codesystem/dimdi/atc": "atc",
}
_OID = re.compile(r"(?:urn:oid:)?([0-2](?:\.\d+)+)\Z", re.IGNORECASE)


def _address(text: str) -> str:
    """An address as it is compared: without its scheme, case, a slash at its end or a version after |."""
    plain = text.split("|")[0].strip().casefold().rstrip("/")
    return "http" + plain[5:] if plain.startswith("https:") else plain


_ADDRESSES = {
    **{_address(uri): short for short, (uri, _, _) in _KNOWN.items()},
    **_ALSO,
}
_OIDS = {oid: short for short, (_, oid, _) in _KNOWN.items() if oid}
_NAMES = {name.casefold(): short for short, (_, _, names) in _KNOWN.items() for name in names}


def short_name(system: str) -> str:
    """Our short name of a code system; what nobody here knows stays as it was sent."""
    oid = _OID.match(system.strip())
    if oid:
        return _OIDS.get(oid[1], system)
    plain = _address(system)
    if plain.startswith("http://snomed.info/sct/"):  # an edition, with or without its version
        return "snomed"
    return _ADDRESSES.get(plain) or _NAMES.get(plain) or system


def address(short: str) -> str:
    """The FHIR address of a system we know by a short name; any other as it stands."""
    return _KNOWN[short][0] if short in _KNOWN else short
