"""The entries of a bundle: which resources it really brings, each once, in its newest version.

What the bundle deletes, what an unknown extension may turn around, and a version another one has replaced are
not read, and said (FHIR R4: Bundle.entry, modifierExtension, implicitRules, meta.versionId).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openkap.interop.fhir.reading import Notes, mapping, moment, text, words
from openkap.interop.fhir.references import root_of, without_version
from openkap.kernel.wording import sentence as _

TURNED = _("An extension of the sender may turn its meaning around, and is not known here.")
REPLACED = _("A newer version of it is in the bundle.")
UNORDERED = _("Several entries go by this name, and which is the newest is not said. All are read: look.")
DELETED = _("The bundle says that it was deleted.")


@dataclass(frozen=True, slots=True, eq=False)
class BundleEntry:
    """One resource of a bundle, and the address it stands under."""

    address: str
    resource: dict[str, Any]

    @property
    def kind(self) -> str:
        """The kind of resource."""
        return str(self.resource["resourceType"])

    @property
    def root(self) -> str:
        """The server the entry is of; empty when it is of none."""
        return root_of(self.address)

    @property
    def name(self) -> str:
        """What two versions of one resource share: the address, else kind and id; empty without either."""
        identifier = text(self.resource.get("id"))
        return self.address or (f"{self.kind}/{identifier}" if identifier else "")


def entries_of(bundle: dict[str, Any], notes: Notes) -> list[BundleEntry]:
    """The resources to be read, in the order they came; what is not to be read is noted."""
    entries: list[BundleEntry] = []
    deleted: set[str] = set()
    for place, raw in enumerate(bundle.get("entry", [])):
        entry = mapping(raw)
        address, resource = without_version(text(entry.get("fullUrl"))), mapping(entry.get("resource"))
        request = mapping(entry.get("request"))
        if text(request.get("method")).upper() == "DELETE":
            deleted |= {name for name in (address, without_version(text(request.get("url")))) if name}
            if not resource:
                _note(notes, place, address=address or text(request.get("url")), why=DELETED)
                continue
        if not isinstance(resource.get("resourceType"), str):
            _note(notes, place, address=address, why=_("There is no resource in this entry."))
        else:
            entries.append(BundleEntry(address, resource))
    return _readable(
        _newest([it for it in entries if not _is_deleted(it, deleted, notes=notes)], notes), notes
    )


def _note(notes: Notes, place: int, *, address: str, why: str) -> None:
    notes.skip({"resourceType": "Bundle"}, f"entry {place + 1} {address}".strip(), why=why)


def _is_deleted(entry: BundleEntry, deleted: set[str], *, notes: Notes) -> bool:
    gone = bool({entry.address, f"{entry.kind}/{text(entry.resource.get('id'))}"} & deleted)
    if gone:
        notes.skip(entry.resource, named(entry.resource), why=DELETED)
    return gone


def _newest(entries: list[BundleEntry], notes: Notes) -> list[BundleEntry]:
    """Of each resource the newest version; all of them, marked, where which is the newest is not said."""
    versions: dict[str, list[BundleEntry]] = {}
    for entry in entries:
        versions.setdefault(entry.name, []).append(entry)
    newest = {name: _newest_of(same) for name, same in versions.items() if name and len(same) > 1}
    left = []
    for entry in entries:
        last = newest.get(entry.name, entry)
        if last is None:
            notes.skip(entry.resource, named(entry.resource), why=UNORDERED)
        elif last is not entry:
            if last.resource != entry.resource:
                notes.skip(entry.resource, named(entry.resource), why=REPLACED)
            continue
        left.append(entry)
    return left


def _newest_of(same: list[BundleEntry]) -> BundleEntry | None:
    """The newest of several versions, by number or by the time of the change; None when that is not said."""
    if all(entry.resource == same[0].resource for entry in same):
        return same[0]
    metas = [mapping(entry.resource.get("meta")) for entry in same]
    numbers = [number for meta in metas if (number := _number(meta))]
    if len(set(numbers)) == len(same):
        return same[numbers.index(max(numbers))]
    changes = [when for meta in metas if (when := moment(meta.get("lastUpdated")))]
    return same[changes.index(max(changes))] if len(set(changes)) == len(same) else None


def _number(meta: dict[str, Any]) -> int:
    """The version's number from 1 on; 0 when it is none."""
    version = text(meta.get("versionId"))
    return int(version) if version.isascii() and version.isdigit() and len(version) < 20 else 0


def _readable(entries: list[BundleEntry], notes: Notes) -> list[BundleEntry]:
    left = []
    for entry in entries:
        if is_turned(entry.resource):
            notes.skip(entry.resource, named(entry.resource), why=TURNED)
        else:
            left.append(entry)
    return left


def is_turned(resource: dict[str, Any]) -> bool:
    """Whether a modifier extension, or rules of the sender's own, may change what the resource says."""
    if resource.get("implicitRules"):
        return True
    waiting: list[Any] = [resource]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("modifierExtension"):
                return True
            waiting.extend(value for key, value in node.items() if key != "contained")
        elif isinstance(node, list):
            waiting.extend(node)
    return False


def named(resource: dict[str, Any]) -> str:
    """How a resource calls itself, whatever it is: so that what is not read is shown by its name."""
    for field in ("code", "medicationCodeableConcept", "type"):
        name = words(resource.get(field))
        if name:
            return name
    pointer = mapping(resource.get("medicationReference"))
    return text(pointer.get("display")) or text(pointer.get("reference")) or text(resource.get("id"))
