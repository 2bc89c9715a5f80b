"""Reading the clinic's protocols."""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.db.models import QuerySet

from openkap.protocols import building, comparing, loading, rules
from openkap.protocols.models import PackVersion, ProposedNumber, SignedNumber, SignedRow
from openkap.protocols.pack import Pack, Row, RowChoice
from openkap.tenancy.keyed_queries import keyed_query

_bodies: dict[str, dict[str, object]] = {}


@lru_cache(maxsize=64)
def _read(content_hash: str) -> Pack:
    return loading.load(_bodies[content_hash])


def pack_of(version: PackVersion) -> Pack:
    """The frozen pack of a version; read once a process, because its hash names its content."""
    if version.hash not in _bodies:  # a list of courses leaves the bodies in the database
        _bodies[version.hash] = version.body
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


def in_use() -> list[PackVersion]:
    """The newest versions by which a course may begin: those that need a release have it."""
    return [version for version in newest() if _is_released(version)]


def _is_released(version: PackVersion) -> bool:
    pack = pack_of(version)
    return pack.release is None or pack.is_released(signed_rows(version))


def not_adopted(profile: str) -> list[Pack]:
    """The newest packs that ship with the program for this part of the world, and are not taken over yet."""
    known = {(row.key, row.version) for row in PackVersion.objects.only("key", "version")}
    packs = [loading.load_bundled(name) for name in loading.newest_names()]
    return [pack for pack in packs if profile in pack.profile and (pack.key, pack.version) not in known]


def before(pack: Pack) -> PackVersion | None:
    """The version of the same protocol that the clinic took over before this one."""
    rows = PackVersion.objects.filter(key=pack.key, version__lt=pack.version)
    return rows.order_by("-version").first()


def changes_since_before(pack: Pack) -> tuple[PackVersion, tuple[comparing.RowChange, ...]] | None:
    """What the pack says otherwise than the version the clinic took over before it, and which that is."""
    earlier = before(pack)
    return (earlier, comparing.changes_between(pack_of(earlier), pack)) if earlier else None


def one(version_id: uuid.UUID) -> PackVersion | None:
    """One version the clinic has taken over."""
    return PackVersion.objects.filter(id=version_id).first()


def signatures(version: PackVersion) -> dict[str, SignedRow]:
    """The signature under each signed row, by the row's id."""
    rows = SignedRow.objects.filter(pack_version=version).select_related("signature")
    return {row.row_id: row for row in rows}


@keyed_query
def rows_signed_in(*versions: uuid.UUID) -> QuerySet[SignedRow]:
    """The signed rows of these packs."""
    return SignedRow.objects.filter(pack_version_id__in=versions)


def signed_rows(version: PackVersion) -> frozenset[str]:
    """The rows the clinic's medical director has signed, which may act as stops."""
    return frozenset(row.row_id for row in rows_signed_in(version.id))


def is_any_row_signed() -> bool:
    """Whether the medical director has signed a row of any protocol."""
    return SignedRow.objects.exists()


def proposals(version: PackVersion) -> list[ProposedNumber]:
    """The numbers that were proposed for a pack, newest first, each with its signature where there is one."""
    rows = ProposedNumber.objects.filter(pack_version=version).select_related("signed__signature")
    return list(rows.order_by("-at", "-id"))


def chosen_numbers(version: PackVersion) -> dict[tuple[str, str], int]:
    """The numbers this clinic has chosen and its director has signed, the last of each row and field."""
    chosen = (row.proposal for row in numbers_signed_in(version.id))
    return {(it.row_id, it.field): it.value for it in chosen}


@keyed_query
def numbers_signed_in(*versions: uuid.UUID) -> QuerySet[SignedNumber]:
    """The signed numbers of these packs, oldest first, each with its proposal."""
    rows = SignedNumber.objects.filter(proposal__pack_version_id__in=versions)
    return rows.select_related("proposal").order_by("at", "id")


def effective_pack(version: PackVersion) -> Pack:
    """The pack as it acts in this clinic: with the numbers it leaves to the clinic, once they are signed."""
    pack, chosen = pack_of(version), chosen_numbers(version)
    return _with_numbers(pack.hash, frozenset(chosen.items())) if chosen else pack


@lru_cache(maxsize=64)
def _with_numbers(content_hash: str, chosen: frozenset[tuple[tuple[str, str], int]]) -> Pack:
    """The pack with a clinic's numbers; its hash stays that of the pack, as the record names it."""
    return building.build(rules.with_numbers(_bodies[content_hash], dict(chosen)), content_hash=content_hash)


def choices_of(pack: Pack) -> list[tuple[Row, RowChoice]]:
    """Every number the pack leaves to the clinic, with its row."""
    rows = (row for _, section in pack.rows() for row in section)
    return [(row, choice) for row in rows for choice in row.choices]


def number_now(pack: Pack, row_id: str, *, field: str) -> int | None:
    """A number of a row as it stands; None where the pack has no such number."""
    value = getattr(pack.row(row_id), field, None)
    return value if isinstance(value, int) else None
