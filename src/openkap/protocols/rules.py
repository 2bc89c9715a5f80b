"""Pure: who may sign a row of a protocol, and which rows wait for a signature (H45)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

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


def objections_to_number(pack: Pack, field: str, value: int, *, now: int | None, why: str) -> list[Objection]:
    """A number changes only where the pack leaves it to the clinic, and within the pack's own range."""
    if field not in pack.monitoring.clinic_chooses:
        return [ProtocolsReason.NOT_THE_CLINICS("field")]
    objections = []
    low, high = range_of(pack, field)
    if not low <= value <= high:
        objections.append(
            ProtocolsReason.OUTSIDE_RANGE("value", value=value, low=low, high=high, row=pack.monitoring.id)
        )
    if value == now:
        objections.append(ProtocolsReason.NOTHING_CHANGED("value"))
    if not why.strip():
        objections.append(ProtocolsReason.WHY_MISSING("why"))
    return objections


def range_of(pack: Pack, field: str) -> tuple[int, int]:
    """The range the pack gives for a number it leaves to the clinic."""
    row = pack.monitoring
    return {"during_minutes": row.during_range_minutes, "after_minutes": row.after_range_minutes}[field]


def with_numbers(pack: Pack, chosen: Mapping[str, int]) -> Pack:
    """The pack with the numbers this clinic has chosen and signed in the place of its own."""
    row = pack.monitoring
    during, after = (
        chosen.get(field, own) if field in row.clinic_chooses else own
        for field, own in (("during_minutes", row.during_minutes), ("after_minutes", row.after_minutes))
    )
    if (during, after) == (row.during_minutes, row.after_minutes):
        return pack
    return replace(pack, monitoring=replace(row, during_minutes=during, after_minutes=after))


def unreadable(errors: Sequence[str]) -> Refused:
    """A pack that cannot be loaded, with what is wrong in it."""
    return Refused(*(ProtocolsReason.PACK_UNREADABLE(text=text) for text in errors[:ERRORS_SHOWN]))


def no_such_proposal() -> Refused:
    """The proposal is not this clinic's."""
    return Refused(ProtocolsReason.NO_SUCH_PROPOSAL())
