"""What was found of a case: one row of the protocol each, in the shape that `openkap assess` tells. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openkap.kernel.evidence import Status
from openkap.protocols.pack import Pack
from openkap.protocols.rows import Row
from openkap.screening import rules

WHAT_TO_DO = {
    "exclude": "Do not treat by this protocol.",
    "defer": "Not now: settle it first.",
    "conditional": "Weigh it, and write down why.",
    "eligible": "For information.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFinding:
    """What one row says of the case. `override` says who may decide otherwise."""

    flag: str
    row: Row
    outcome: str
    level: str
    override: str
    text: str
    action: str
    because: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as it is told; a default of this software is told apart from what was not confirmed."""
        status = self.row.status
        return {
            "flag": self.flag or None,
            "rule": self.row.id,
            "level": self.level,
            "outcome": self.outcome,
            "override": self.override,
            "text": self.text,
            "action": self.action,
            "because": list(self.because),
            "source": [source.key for source in self.row.sources],
            "status": "verified" if status is Status.VERIFIED else "bg",
            "design_default": status is Status.DESIGN_DEFAULT,
        }


def finding(
    row: Row,
    outcome: str,
    *,
    flag: str,
    signed: frozenset[str],
    override: str = "",
    action: str = "",
    text: str = "",
    because: Sequence[str] = (),
) -> CaseFinding:
    """What a row says, with the level and the override that its outcome and its standing give it."""
    level, who = rules.weigh(outcome, override=override, full=row.acts_fully(signed))
    return CaseFinding(
        flag=flag,
        row=row,
        outcome=outcome,
        level=level,
        override=who,
        text=text or row.text,
        action=action or WHAT_TO_DO[outcome],
        because=tuple(because),
    )


def of_screening(screened: Sequence[rules.Finding], pack: Pack) -> list[CaseFinding]:
    """The findings of the screening's own rules."""
    told = []
    for it in screened:
        row = pack.row(it.rule)
        assert row is not None
        told.append(
            CaseFinding(
                flag=it.flag,
                row=row,
                outcome=it.outcome,
                level=it.level,
                override=it.override,
                text=it.text,
                action=WHAT_TO_DO[it.outcome],
                because=it.because,
            )
        )
    return told


def in_order(findings: Sequence[CaseFinding]) -> list[CaseFinding]:
    """The most severe first."""
    return sorted(
        findings,
        key=lambda it: (-rules.OUTCOMES.index(it.outcome), rules.LEVELS.index(it.level), it.row.id, it.flag),
    )


def worst(findings: Sequence[CaseFinding]) -> str:
    """The outcome of all of them together."""
    return rules.OUTCOMES[max((rules.OUTCOMES.index(it.outcome) for it in findings), default=0)]
