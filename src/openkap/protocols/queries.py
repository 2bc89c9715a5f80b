"""Reading the clinic's protocols."""

from __future__ import annotations

import uuid
from functools import lru_cache

from openkap.protocols import loading, rules
from openkap.protocols.models import PackVersion, ProposedNumber, SignedNumber, SignedRow
from openkap.protocols.pack import Pack

_bodies: dict[str, dict[str, object]] = {}


@lru_cache(maxsize=64)
def _read(content_hash: str) -> Pack:
    return loading.load(_bodies[content_hash])


def pack_of(version: PackVersion) -> Pack:
    """The frozen pack of a version; read once a process, because its hash names its content."""
    _bodies.setdefault(version.hash, version.body)
    return _read(version.hash)


def is_unchanged(version: PackVersion) -> bool:
    """Whether the stored content is still what its hash says (H44)."""
    return loading.content_hash(version.body) == version.hash


def adopted() -> list[PackVersion]:
    """The versions the clinic has taken over, newest of each protocol first."""
    return list(PackVersion.objects.order_by("key", "-version"))


def newest() -> list[PackVersion]:
    """The newest version of each protocol the clinic has taken over."""
    return list(PackVersion.objects.order_by("key", "-version").distinct("key"))


def not_adopted() -> list[Pack]:
    """The packs that ship with the program and that the clinic has not taken over."""
    known = {(row.key, row.version) for row in PackVersion.objects.only("key", "version")}
    packs = [loading.load_bundled(name) for name in loading.bundled_names()]
    return [pack for pack in packs if (pack.key, pack.version) not in known]


def one(version_id: uuid.UUID) -> PackVersion | None:
    """One version the clinic has taken over."""
    return PackVersion.objects.filter(id=version_id).first()


def signatures(version: PackVersion) -> dict[str, SignedRow]:
    """The signature under each signed row, by the row's id."""
    rows = SignedRow.objects.filter(pack_version=version).select_related("signature")
    return {row.row_id: row for row in rows}


def signed_rows(version: PackVersion) -> frozenset[str]:
    """The rows the clinic's medical director has signed, which may act as stops."""
    return frozenset(SignedRow.objects.filter(pack_version=version).values_list("row_id", flat=True))


def proposals(version: PackVersion) -> list[ProposedNumber]:
    """The numbers that were proposed for a pack, newest first, each with its signature where there is one."""
    rows = ProposedNumber.objects.filter(pack_version=version).select_related("signed__signature")
    return list(rows.order_by("-at", "-id"))


def chosen_numbers(version: PackVersion) -> dict[str, int]:
    """The numbers this clinic has chosen and its medical director has signed, the last of each."""
    rows = SignedNumber.objects.filter(proposal__pack_version=version).order_by("at", "id")
    return dict(rows.values_list("proposal__field", "proposal__value"))


def effective_pack(version: PackVersion) -> Pack:
    """The pack as it acts in this clinic: with the numbers it leaves to the clinic, once they are signed."""
    return rules.with_numbers(pack_of(version), chosen_numbers(version))
