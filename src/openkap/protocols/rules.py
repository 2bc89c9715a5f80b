"""Pure: who may sign a row of a protocol, and which rows wait for a signature (H45)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Objection, Refused
from openkap.protocols.pack import Pack
from openkap.protocols.reasons import ProtocolsReason

ERRORS_SHOWN = 20


def objections_to_rows(pack: Pack, row_ids: list[str], *, signed: frozenset[str]) -> list[Objection]:
    """Each row must be there, not verified in its source, and not signed yet."""
    objections = []
    if not row_ids:
        objections.append(ProtocolsReason.NO_ROWS("rows"))
    for row_id in row_ids:
        row = pack.row(row_id)
        if row is None:
            objections.append(ProtocolsReason.ROW_UNKNOWN("rows", row_id=row_id))
        elif row.status is Status.VERIFIED:
            objections.append(ProtocolsReason.ROW_VERIFIED("rows", row_id=row_id))
        elif row_id in signed:
            objections.append(ProtocolsReason.ROW_SIGNED("rows", row_id=row_id))
    return objections


def objections_to_number(
    pack: Pack, row_id: str, *, field: str, value: int, now: int | None, why: str
) -> list[Objection]:
    """A number changes only where the pack leaves it to the clinic, and within the pack's own range."""
    row = pack.row(row_id)
    choice = next((it for it in row.choices if it.field == field), None) if row else None
    if choice is None:
        return [ProtocolsReason.NOT_THE_CLINICS("field")]
    objections = []
    if not choice.least <= value <= choice.most:
        told = {"value": value, "low": choice.least, "high": choice.most, "row": row_id}
        objections.append(ProtocolsReason.OUTSIDE_RANGE("value", **told))
    if value == now:
        objections.append(ProtocolsReason.NOTHING_CHANGED("value"))
    if not why.strip():
        objections.append(ProtocolsReason.WHY_MISSING("why"))
    return objections


def objections_to_own(pack: Pack, *, shipped: Collection[str], known: Mapping[int, str]) -> list[Objection]:
    """A clinic's own pack has a key of its own, and a version that no other content has had (H44)."""
    if pack.key in shipped:
        return [ProtocolsReason.KEY_SHIPS("file", key=pack.key)]
    if known.get(pack.version, pack.hash) != pack.hash:
        return [ProtocolsReason.VERSION_TAKEN("file", key=pack.key, version=pack.version)]
    return []


def with_numbers(body: Mapping[str, Any], chosen: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """The plain content of a pack with the numbers this clinic has chosen, by row and field.

    A number that the row does not leave to the clinic stays as the pack has it.
    """
    return {section: _with_numbers(part, chosen) for section, part in body.items()}


def _with_numbers(part: Any, chosen: Mapping[tuple[str, str], int]) -> Any:
    if isinstance(part, list):
        return [_with_numbers(one, chosen) for one in part]
    if not isinstance(part, Mapping) or "choices" not in part:
        return part
    own = {field: chosen[part["id"], field] for field in part["choices"] if (part["id"], field) in chosen}
    return {**part, **own}


def unreadable(errors: Sequence[str]) -> Refused:
    """A pack that cannot be loaded, with what is wrong in it."""
    return Refused(*(ProtocolsReason.PACK_UNREADABLE(text=text) for text in errors[:ERRORS_SHOWN]))


def no_such_proposal() -> Refused:
    """The proposal is not this clinic's."""
    return Refused(ProtocolsReason.NO_SUCH_PROPOSAL())
