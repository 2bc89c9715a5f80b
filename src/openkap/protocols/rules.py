"""Pure: who may sign a row of a protocol, and which rows wait for a signature (H45)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Objection, unlisted
from openkap.protocols.pack import Pack


class Reason(StrEnum):
    """Why rows are not signed."""

    NO_DIRECTOR = "NO_DIRECTOR"
    NOT_THE_DIRECTOR = "NOT_THE_DIRECTOR"
    NO_ROWS = "NO_ROWS"
    ROW_UNKNOWN = "ROW_UNKNOWN"
    ROW_VERIFIED = "ROW_VERIFIED"
    ROW_SIGNED = "ROW_SIGNED"
    NOT_THE_CLINICS = "NOT_THE_CLINICS"
    OUTSIDE_RANGE = "OUTSIDE_RANGE"
    NOTHING_CHANGED = "NOTHING_CHANGED"
    WHY_MISSING = "WHY_MISSING"
    OWN_PROPOSAL = "OWN_PROPOSAL"
    SIGNED_ALREADY = "SIGNED_ALREADY"


def objections_to_signer(*, director: str, is_director: bool) -> list[Objection]:
    """Only the person whom the administrator named medical director signs rows; no role does."""
    if not director:
        text = "No medical director is named. An administrator names one under Duties."
        return [unlisted(Reason.NO_DIRECTOR, text)]
    if not is_director:
        return [unlisted(Reason.NOT_THE_DIRECTOR, f"Only the medical director, {director}, signs rows.")]
    return []


def objections_to_rows(pack: Pack, row_ids: list[str], *, signed: frozenset[str]) -> list[Objection]:
    """Each row must be there, not verified in its source, and not signed yet."""
    objections = []
    if not row_ids:
        objections.append(unlisted(Reason.NO_ROWS, "Choose at least one row to sign.", "rows"))
    for row_id in row_ids:
        row = pack.row(row_id)
        if row is None:
            text = f"The pack has no row “{row_id}”."
            objections.append(unlisted(Reason.ROW_UNKNOWN, text, "rows"))
        elif row.status is Status.VERIFIED:
            text = f"{row_id} is verified and needs no signature."
            objections.append(unlisted(Reason.ROW_VERIFIED, text, "rows"))
        elif row_id in signed:
            text = f"{row_id} has been signed already."
            objections.append(unlisted(Reason.ROW_SIGNED, text, "rows"))
    return objections


def objections_to_number(pack: Pack, field: str, value: int, *, now: int | None, why: str) -> list[Objection]:
    """A number changes only where the pack leaves it to the clinic, and within the pack's own range."""
    if field not in pack.monitoring.clinic_chooses:
        text = "The pack does not leave this number to the clinic."
        return [unlisted(Reason.NOT_THE_CLINICS, text, "field")]
    objections = []
    low, high = range_of(pack, field)
    if not low <= value <= high:
        text = f"{value} is outside the {low} to {high} min of row {pack.monitoring.id}."
        objections.append(unlisted(Reason.OUTSIDE_RANGE, text, "value"))
    if value == now:
        objections.append(unlisted(Reason.NOTHING_CHANGED, "That is the number as it is now.", "value"))
    if not why.strip():
        objections.append(unlisted(Reason.WHY_MISSING, "Say why it should change.", "why"))
    return objections


def range_of(pack: Pack, field: str) -> tuple[int, int]:
    """The range the pack gives for a number it leaves to the clinic."""
    row = pack.monitoring
    return {"during_minutes": row.during_range_minutes, "after_minutes": row.after_range_minutes}[field]


def objections_to_signing_number(*, proposed_by: object, signer: object, signed: bool) -> list[Objection]:
    """One person proposes, another signs; never the same (H45)."""
    objections = []
    if signed:
        objections.append(unlisted(Reason.SIGNED_ALREADY, "This number has been signed already."))
    if signer is None or proposed_by == signer:
        text = "Who proposed a number does not sign it."
        objections.append(unlisted(Reason.OWN_PROPOSAL, text))
    return objections


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
