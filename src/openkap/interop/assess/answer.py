"""What a protocol says of a case: whether, how much, what to watch, and who may leave. Pure."""

from __future__ import annotations

from typing import Any

from openkap.interop.assess import choosing, law, leaving, moment, order, person
from openkap.interop.assess.case import AssessCase, BadCase
from openkap.interop.assess.findings import CaseFinding, in_order, of_screening, worst
from openkap.protocols.pack import Pack
from openkap.screening import rules


def assess(case: AssessCase, *, signed_pack: str = "") -> dict[str, Any]:
    """The answer. `signed_pack` names a protocol of which the medical director has signed every row."""
    pack = choosing.pack_for(case)
    signed = _signed(pack, signed_pack)
    facts = person.facts_of(case, pack)
    _check_answers(case, pack)
    screened = rules.assess(facts, pack=pack, signed=signed)
    ordered = order.counted(case, pack)
    findings = in_order(
        [
            *of_screening(screened.findings, pack),
            *moment.crossed(case, pack, signed=signed),
            *order.against(case, pack, order=ordered, signed=signed),
            *law.said(case, pack, signed=signed),
        ]
    )
    missing = person.missing(case, facts, pack=pack)
    if pack.is_released(signed):
        missing = [name for name in missing if name != "release"]
    return {
        "eligibility": worst(findings),
        "findings": [it.as_json() for it in findings],
        "missing": missing,
        "not_understood": list(screened.not_understood),
        "signable": not missing and not _is_forbidden(findings),
        "dose": order.as_json(case, pack, order=ordered),
        "evidence": [
            {"condition": row.id, "grade": row.grade, "statements": [row.text], "source": _keys(row)}
            for row in screened.evidence
        ],
        "monitoring": _monitoring(pack),
        "measures_due": _measures(case, pack, here={row.id for row in screened.evidence}),
        "leaving": leaving.leaving(case, pack),
        "adverse_events": moment.events(case, pack, findings=findings),
        "protocol_pack": {"id": pack.name, "key": pack.key, "version": pack.version, "hash": pack.hash},
    }


def _is_forbidden(findings: list[CaseFinding]) -> bool:
    return any(it.override == "not_allowed" and it.level == "block" for it in findings)


def _signed(pack: Pack, name: str) -> frozenset[str]:
    if not name:
        return frozenset()
    if name not in (pack.key, pack.name):
        raise BadCase([f"--signed: “{name}” is not the protocol that answers, which is {pack.name}."])
    return frozenset(row.id for _, section in pack.rows() for row in section)


def _check_answers(case: AssessCase, pack: Pack) -> None:
    """An answer to a question that the protocol does not ask would be lost without a word."""
    known = {question.name for question in pack.questions} | {"gait_steady", "oriented"}
    unknown = sorted(set(case.get("answers", {})) - known)
    if unknown:
        raise BadCase(
            [
                f"answers › {name}: {pack.name} does not ask it. It asks {', '.join(sorted(known))}."
                for name in unknown
            ]
        )


def _keys(row: Any) -> list[str]:
    return [source.key for source in row.sources]


def _monitoring(pack: Pack) -> dict[str, Any]:
    row, leave = pack.monitoring, pack.discharge
    return {
        "rule": row.id,
        "text": row.text,
        "before": row.before,
        "every_minutes_during": row.during_minutes,
        "every_minutes_after": row.after_minutes,
        "at_minutes": list(row.at_minutes),
        "counts_from": row.counts_from,
        "measures": list(row.measures),
        "observe_minutes": leave.observe_minutes,
        "observe_counts_from": leave.counts_from,
        "source": _keys(row),
    }


def _measures(case: AssessCase, pack: Pack, *, here: set[str]) -> list[dict[str, Any]]:
    """The questionnaires that are due at this point of the course."""
    held = case.get("sessions_to_date", max(case.get("session", 1) - 1, 0))
    done = held >= pack.schedule.sessions
    now = {"each_session", *(["baseline"] if held == 0 else []), *(["end", "monthly"] if done else [])}
    return [
        {"measure": row.measure, "rule": row.id, "due": sorted(set(row.due) & now)}
        for row in pack.measures
        if set(row.due) & now and (not row.in_condition or here & set(row.in_condition))
    ]
