"""Documents a bundle brings: a letter as PDF, a C-CDA as XML, a report. Kept as sent, and shown; never read.

FHIR R4: DocumentReference.content, DiagnosticReport.presentedForm, Media.content, Binary.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openkap.interop.fhir.entries import BundleEntry, named
from openkap.interop.fhir.labels import labels_of, worded
from openkap.interop.fhir.reading import Notes, items, mapping, text
from openkap.interop.fhir.references import References
from openkap.kernel.code import Code
from openkap.kernel.wording import sentence as _

KINDS = ("DocumentReference", "DiagnosticReport", "Media")
NOT_HERE = _("The document is not in the bundle, only its address. Ask the sender for it.")
NOT_BASE64 = _("The document's content is damaged: it is not base64.")


@dataclass(frozen=True, slots=True)
class FhirDocument:
    """One document: what it is called, its media type, and its bytes as sent."""

    title: str
    media_type: str
    content: bytes
    dated: str = ""
    labels: tuple[Code, ...] = ()


def documents_in(entries: list[BundleEntry], notes: Notes, *, references: References) -> list[FhirDocument]:
    """The documents these entries bring; one that is a Binary of its own is found by its address."""
    documents = []
    for entry in entries:
        for attachment in _attachments(entry.resource):
            binary = references.find({"reference": text(attachment.get("url"))}, within=entry)
            document = _document(entry.resource, attachment, binary=binary, notes=notes)
            documents += [document] if document else []
    return documents


def _attachments(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in items(resource.get("content")):
        yield mapping(part.get("attachment"))
    if resource.get("resourceType") == "Media":
        yield mapping(resource.get("content"))
    yield from items(resource.get("presentedForm"))


def _document(
    resource: dict[str, Any], attachment: dict[str, Any], *, binary: dict[str, Any] | None, notes: Notes
) -> FhirDocument | None:
    source = binary if binary is not None else {}
    title = text(attachment.get("title")) or text(resource.get("description")) or named(resource)
    raw = attachment.get("data") or source.get("data")
    if not isinstance(raw, str) or not raw:
        notes.skip(resource, title, why=NOT_HERE)
        return None
    content = decoded(raw)
    if content is None:
        notes.skip(resource, title, why=NOT_BASE64)
        return None
    return FhirDocument(
        title=title or "Document",
        media_type=text(attachment.get("contentType")) or text(source.get("contentType")),
        content=content,
        dated=text(attachment.get("creation")) or text(resource.get("date") or resource.get("issued")),
        labels=worded(labels_of(resource, source)),
    )


def decoded(raw: str) -> bytes | None:
    """The bytes of a base64Binary, which may hold white space; None when it is none."""
    try:
        return base64.b64decode("".join(raw.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
