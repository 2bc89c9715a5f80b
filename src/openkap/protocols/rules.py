"""Pure: who may sign a row of a protocol, and which rows wait for a signature (H45)."""

from __future__ import annotations

from enum import StrEnum

from openkap.kernel.evidence import Status
from openkap.kernel.refusal import Objection
from openkap.protocols.pack import Pack


class Reason(StrEnum):
    """Why rows are not signed."""

    NO_DIRECTOR = "NO_DIRECTOR"
    NOT_THE_DIRECTOR = "NOT_THE_DIRECTOR"
    NO_ROWS = "NO_ROWS"
    ROW_UNKNOWN = "ROW_UNKNOWN"
    ROW_VERIFIED = "ROW_VERIFIED"
    ROW_SIGNED = "ROW_SIGNED"


def objections_to_signer(*, director: str, is_director: bool) -> list[Objection]:
    """Only the person whom the administrator named medical director signs rows; no role does."""
    if not director:
        text = "No medical director is named. An administrator names one under Duties."
        return [Objection(Reason.NO_DIRECTOR, text)]
    if not is_director:
        return [Objection(Reason.NOT_THE_DIRECTOR, f"Only the medical director, {director}, signs rows.")]
    return []


def objections_to_rows(pack: Pack, row_ids: list[str], *, signed: frozenset[str]) -> list[Objection]:
    """Each row must be there, not verified in its source, and not signed yet."""
    objections = []
    if not row_ids:
        objections.append(Objection(Reason.NO_ROWS, "Choose at least one row to sign.", "rows"))
    for row_id in row_ids:
        row = pack.row(row_id)
        if row is None:
            text = f"The pack has no row “{row_id}”."
            objections.append(Objection(Reason.ROW_UNKNOWN, text, "rows"))
        elif row.status is Status.VERIFIED:
            text = f"{row_id} is verified and needs no signature."
            objections.append(Objection(Reason.ROW_VERIFIED, text, "rows"))
        elif row_id in signed:
            text = f"{row_id} has been signed already."
            objections.append(Objection(Reason.ROW_SIGNED, text, "rows"))
    return objections
