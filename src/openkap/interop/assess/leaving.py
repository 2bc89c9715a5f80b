"""Whether the person may leave: the discharge rules of the dosing room, as far as the file tells. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from openkap.interop.assess.case import AssessCase, MeasuredPressure
from openkap.protocols.administration import Infusion
from openkap.protocols.pack import Pack

OVERSEDATED_AT_MOST = 3  # MOAA/S, as the row T_MOAAS has it
NEEDED = ("first_dose_at", "asks_to_leave_at", "bp_pre", "bp_120", "moaas_120", "escort")


def leaving(case: AssessCase, pack: Pack) -> dict[str, Any]:
    """Allowed only when everything that is asked for is known and nothing stands against it."""
    missing = [name for name in NEEDED if name not in case]
    row, how = pack.discharge, pack.dose.administration
    if isinstance(how, Infusion) and row.counts_from == "end" and "infusion_minutes" not in case:
        missing.append("infusion_minutes")
    answers = case.get("answers", {})
    looked_at = {"gait_steady": row.gait_steady, "oriented": row.oriented}
    missing += [f"answers.{name}" for name, is_asked in looked_at.items() if is_asked and name not in answers]
    against = list(_against(case, pack))
    against += [
        ("", f"{name}: no") for name, is_asked in looked_at.items() if is_asked and answers.get(name) is False
    ]
    earliest = _earliest(case, pack)
    return {
        "allowed": not missing and not against,
        "earliest": earliest.isoformat() if earliest else None,
        "missing": missing,
        "flags": list(dict.fromkeys(flag for flag, _ in against if flag)),
        "against": [text for _, text in against],
        "rule": row.id,
    }


def _earliest(case: AssessCase, pack: Pack) -> datetime | None:
    began, how = case.moment("first_dose_at"), pack.dose.administration
    if began is None:
        return None
    if pack.discharge.counts_from == "end" and isinstance(how, Infusion):
        minutes = case.number("infusion_minutes")
        if minutes is None:
            return None
        began += timedelta(minutes=float(minutes))
    return began + timedelta(minutes=pack.discharge.observe_minutes)


def _against(case: AssessCase, pack: Pack) -> Iterator[tuple[str, str]]:
    """Each reason against leaving: its flag, where it has one, and its words."""
    earliest, asks = _earliest(case, pack), case.moment("asks_to_leave_at")
    if earliest is not None and asks is not None and asks < earliest:
        yield "OBS_TIME_SHORT", f"{pack.discharge.observe_minutes} minutes of watching are not over."
    before, later, last = (case.pressure(name) for name in ("bp_pre", "bp_40", "bp_120"))
    if before is not None and last is not None and not _is_settled(before, later, last=last, pack=pack):
        yield "BP_NOT_SETTLED", "The pressure has not come back towards the value before the dose."
    moaas = case.get("moaas_120")
    if moaas is not None and moaas < pack.discharge.moaas:
        yield (
            ("OVERSEDATED" if moaas <= OVERSEDATED_AT_MOST else ""),
            f"MOAA/S {moaas} of {pack.discharge.moaas}.",
        )
    if case.get("escort") is False:
        yield "NO_ESCORT", "Nobody takes the person home."


def _is_settled(
    before: MeasuredPressure, later: MeasuredPressure | None, *, last: MeasuredPressure, pack: Pack
) -> bool:
    """Within the row's share of the value before, and not still rising."""
    share = pack.discharge.bp_within_percent
    pairs = ((last.sbp, before.sbp), (last.dbp, before.dbp))
    near = all(measured * 100 <= base * (100 + share) for measured, base in pairs)
    rising = later is not None and last.sbp > max(later.sbp, before.sbp)
    return near and not rising
