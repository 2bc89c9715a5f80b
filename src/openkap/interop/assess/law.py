"""What place, law and the look for misuse say of a case. Dated rules act by their dates. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from openkap.interop.assess.case import AssessCase
from openkap.interop.assess.findings import CaseFinding, finding
from openkap.interop.assess.person import has_urinary
from openkap.protocols.pack import Pack
from openkap.protocols.rows import Row

NEVER_AT_HOME = "D_HOME_NEVER"
HOME_BLOCK = "SPRAVATO_HOME_BLOCK"
FORM = "rems_monitoring_form"
NORKETAMINE_DAYS = 14  # so long norketamine is found after a dose (row M_UDS)


def said(case: AssessCase, pack: Pack, *, signed: frozenset[str]) -> Iterator[CaseFinding]:
    """All of it."""
    yield from _at_home(case, pack, signed=signed)
    yield from _legal(case, pack, signed=signed)
    yield from _misuse(case, pack, signed=signed)
    yield from _forms(case, pack, signed=signed)


def _at_home(case: AssessCase, pack: Pack, *, signed: frozenset[str]) -> Iterator[CaseFinding]:
    row = pack.row(NEVER_AT_HOME)
    if row is not None and case.get("location") == "home":
        yield finding(row, "exclude", flag=HOME_BLOCK, signed=signed, override="not_allowed")


def _legal(case: AssessCase, pack: Pack, *, signed: frozenset[str]) -> Iterator[CaseFinding]:
    """A rule of a state is told where the state is given; one that has ended says what then holds."""
    if case.get("profile", "US") != "US":
        return
    asked_on = case.day("rx_date") or case.today
    remote = case.get("visit") == "audio_video" and not case.get("in_person_ever", False)
    for row in pack.legal:
        if row.state and row.state == case.get("state"):
            yield finding(row, "eligible", flag=row.flag, signed=signed)
        if row.until is not None and remote and asked_on > row.until:
            yield finding(
                row,
                "defer",
                flag=row.flag,
                signed=signed,
                override="not_allowed",
                action="See the person in person before prescribing.",
                because=(f"by video on {asked_on.isoformat()}, never seen in person",),
            )


def _misuse(case: AssessCase, pack: Pack, *, signed: frozenset[str]) -> Iterator[CaseFinding]:
    rows = {row.id: row for row in pack.misuse}
    if "uds_immunoassay" in case and "M_UDS" in rows:
        assay = "Order an assay that looks for ketamine and norketamine."
        yield finding(rows["M_UDS"], "eligible", flag=rows["M_UDS"].flag, signed=signed, action=assay)
    if case.get("lcms_norketamine") == "positive" and "M_SIGNALS" in rows:
        yield from _positive(case, rows["M_SIGNALS"], flag=rows["M_SIGNALS"].flag, signed=signed)
    sterile = case.get("urine_culture") in ("sterile", "negative")
    if has_urinary(case) and sterile and "M_LUTS" in rows:
        refer = "Hold the treatment and refer to urology."
        yield finding(rows["M_LUTS"], "defer", flag=rows["M_LUTS"].flag, signed=signed, action=refer)


def _positive(case: AssessCase, row: Row, *, flag: str, signed: frozenset[str]) -> Iterator[CaseFinding]:
    """Norketamine after a supervised dose is expected for so long; without one it is a sign."""
    last = case.moment("last_supervised_dose_at")
    if last is not None and case.today - last.date() <= timedelta(days=NORKETAMINE_DAYS):
        text = f"Norketamine within {NORKETAMINE_DAYS} days of a supervised dose is expected."
        yield finding(
            row, "eligible", flag="", signed=signed, text=text, action="Hold it against the sessions."
        )
        return
    text = f"Norketamine without a supervised dose in the last {NORKETAMINE_DAYS} days."
    yield finding(row, "conditional", flag=flag, signed=signed, text=text, action="Talk about it.")


def _forms(case: AssessCase, pack: Pack, *, signed: frozenset[str]) -> Iterator[CaseFinding]:
    """The forms that are due after a session that was held."""
    for row in pack.required:
        if row.name == FORM and "first_dose_at" in case:
            action = f"Send it within {row.within_days} days."
            yield finding(row, "eligible", flag="REMS_FORM_DUE", signed=signed, action=action)
