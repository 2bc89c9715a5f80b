"""The pack's rows for a start and for going home, as the rules take them. Pure."""

from __future__ import annotations

from decimal import Decimal

from openkap.dosing.discharge import DischargeRule
from openkap.dosing.rules import PressureLines
from openkap.kernel.evidence import Status
from openkap.protocols import pack as packs
from openkap.watch.numbers import WatchNumbers
from openkap.watch.protocol import low_line, sources_of


def discharge_rule(pack: packs.Pack, numbers: WatchNumbers) -> DischargeRule:
    """What must hold before the person goes home."""
    discharge = pack.discharge
    return DischargeRule(
        discharge.id,
        discharge.observe_minutes,
        pressure_within_percent=discharge.bp_within_percent,
        moaas_needed=discharge.moaas,
        counts_from=discharge.counts_from,
        fresh_minutes=numbers.fresh_at_discharge_minutes,
        spo2_from=_spo2_line(pack),
        low_sbp_under=low_line(pack, "lt"),
        low_percent=low_line(pack, "below_baseline_percent"),
        status=discharge.status,
        source=sources_of(discharge),
    )


def _spo2_line(pack: packs.Pack) -> Decimal | None:
    """The saturation under which the pack asks for a look; the highest of its lines."""
    lines = (
        test.value
        for row in pack.thresholds
        for test in row.tests
        if test.field == "spo2" and test.op == "lt"
    )
    return max(lines, default=None)


def pressure_lines(pack: packs.Pack, numbers: WatchNumbers) -> PressureLines:
    """The pressures before the dose that ask for a decision, and from which the pack advises to hold."""
    decide = _lines(pack, "decide")
    hold = _lines(pack, "hold")
    row = next((row for row in pack.thresholds if row.phase == "before" and row.acts == "decide"), None)
    return PressureLines(
        fresh_minutes=numbers.before_dose_minutes,
        decide_over_sbp=decide.get("sbp"),
        decide_over_dbp=decide.get("dbp"),
        hold_from_sbp=hold.get("sbp"),
        hold_from_dbp=hold.get("dbp"),
        hold_after_minutes=max(
            (
                row.repeat_minutes or 0
                for row in pack.thresholds
                if row.phase == "before" and row.acts == "hold"
            ),
            default=0,
        ),
        status=row.status if row else Status.DESIGN_DEFAULT,
        rule=row.id if row else "",
    )


def _lines(pack: packs.Pack, acts: str) -> dict[str, Decimal]:
    rows = (row for row in pack.thresholds if row.phase == "before" and row.acts == acts)
    return {test.field: test.value for row in rows for test in row.tests}
