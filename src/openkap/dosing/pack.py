"""The rows of the shipped protocol pack that the dosing room acts on: schedules, thresholds, leaving.

Every number keeps its status and source and is shown with them. Racemic ketamine has no published stop
thresholds for pressure, saturation or rate, so those rows are background or defaults of this software:
they mark and ask, they never stop anything by themselves. Pure data.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from openkap.dosing.checks import Schedule
from openkap.dosing.leaving import LeavingRule
from openkap.dosing.marks import Level, Side, Threshold
from openkap.dosing.plausibility import BREATHING, DBP, HEART_RATE, MOAAS, SBP, SPO2
from openkap.kernel.evidence import Status

BG, DEFAULT, VERIFIED = Status.BACKGROUND, Status.DESIGN_DEFAULT, Status.VERIFIED
INFUSED, INJECTED, ABSORBED = (
    ("racemic_iv",),
    ("racemic_im", "racemic_sc"),
    ("racemic_sl_oral", "racemic_in_compounded"),
)

MON_IV = Schedule(
    "MON_IV",
    during_every_minutes=10,
    after_every_minutes=15,
    status=VERIFIED,
    source="YALEBP, SZAR20, ZAR12: before, every 10-15 min, end, every 15-30 min. Interval: the clinic's.",
)
MON_IM_SC = Schedule("MON_IM_SC", at_minutes=(15, 30, 60, 120), status=DEFAULT, source="")
MON_SL_IN = Schedule("MON_SL_IN", at_minutes=(20, 40, 60, 90, 120), status=DEFAULT, source="")
MON_SPR = Schedule(
    "MON_SPR",
    at_minutes=(40, 80, 120),
    status=VERIFIED,
    source="SPHCP, REMSFORM: before, 40 min, before leaving.",
)
SCHEDULES = {
    **dict.fromkeys(INFUSED, MON_IV),
    **dict.fromkeys(INJECTED, MON_IM_SC),
    **dict.fromkeys(ABSORBED, MON_SL_IN),
    "esketamine_in": MON_SPR,
}

D_RAC = LeavingRule("D_RAC", 60, status=DEFAULT)
D_RAC_IM_SC = LeavingRule("D_RAC_IM_SC", 120, status=DEFAULT)
D_RAC_SL_IN = LeavingRule("D_RAC_SL_IN", 120, status=DEFAULT)
D_SPR_TIME = LeavingRule("D_SPR_TIME", 120, counts_from="start", status=VERIFIED, source="REMSFORM, PDR")
LEAVING_RULES = {
    **dict.fromkeys(INFUSED, D_RAC),
    **dict.fromkeys(INJECTED, D_RAC_IM_SC),
    **dict.fromkeys(ABSORBED, D_RAC_SL_IN),
    "esketamine_in": D_SPR_TIME,
}

_REPEAT = "Repeat the cuff now. Ask about headache, chest pain, breath, sight, strength."
_BEDSIDE = (
    "Pause or stop. Clinician to the bedside. Symptoms: emergency pathway. None: repeat, lower the rate."
)
_AIRWAY = "Stop the drug. Airway manoeuvre, oxygen, call for help."
_ROUSE = "Stimulate, reposition, check the probe, measure again."
_REVIEW = "Pause and review. ECG."


LOOK, ACT, STOP = Level.LOOK, Level.ACT, Level.STOP


def _row(
    flag: str, cause: str, level: Level, code: str, side: Side, limit: int, action: str, **more: Any
) -> Threshold:
    """One threshold; all of them are defaults until the clinic's director signs them."""
    return Threshold(flag, cause, level, code, side, Decimal(limit), action, **{"status": DEFAULT, **more})


THRESHOLDS: tuple[Threshold, ...] = (
    _row("BP_RISE", "pressure", LOOK, SBP, Side.RISE, 30, _REPEAT),
    _row("BP_STOP_REVIEW", "pressure", ACT, SBP, Side.AT_LEAST, 180, _REPEAT, source="YIP22"),
    _row("BP_STOP_REVIEW", "pressure", ACT, DBP, Side.AT_LEAST, 110, _REPEAT, source="YIP22"),
    _row("BP_STOP_REVIEW", "pressure", STOP, SBP, Side.AT_LEAST, 180, _BEDSIDE, repeats=2, source="YIP22"),
    _row("BP_STOP_REVIEW", "pressure", STOP, DBP, Side.AT_LEAST, 110, _BEDSIDE, repeats=2, source="YIP22"),
    _row("SPO2_LOW", "saturation", LOOK, SPO2, Side.BELOW, 94, _ROUSE, recheck_minutes=2),
    _row("SPO2_LOW", "saturation", LOOK, SPO2, Side.FALL, 4, _ROUSE, recheck_minutes=2),
    _row("SPO2_CRITICAL", "saturation", STOP, SPO2, Side.BELOW, 90, _AIRWAY, recheck_minutes=1),
    _row("HR_OUT_OF_RANGE", "rate", ACT, HEART_RATE, Side.BELOW, 50, _REVIEW, sustained_minutes=5),
    _row("HR_OUT_OF_RANGE", "rate", ACT, HEART_RATE, Side.ABOVE, 120, _REVIEW, sustained_minutes=5),
    _row("RR_LOW", "breathing", STOP, BREATHING, Side.BELOW, 10, _AIRWAY, recheck_minutes=1),
    _row(
        "OVERSEDATED", "alertness", STOP, MOAAS, Side.AT_MOST, 3,
        "Stop the drug if it runs. Do not leave the person. 2 or less: emergency review.",
        recheck_minutes=2, source="MOAAS, PI2019: the scale; the trigger is a default",
    ),
)  # fmt: skip

PREDOSE_SBP_OVER, PREDOSE_DBP_OVER = Decimal(140), Decimal(90)
PREDOSE_HOLD_SBP, PREDOSE_HOLD_DBP = Decimal(160), Decimal(100)
PREDOSE_STATUS, PREDOSE_SOURCE = DEFAULT, "As the US esketamine label (PDR); for racemic ketamine a default."
ESCALATE_AFTER_SECONDS = 120
SILENT_MONITOR_SECONDS = 90
