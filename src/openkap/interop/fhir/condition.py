"""Condition: a problem, kept with its code. A code no rule can read is shown as such, never as "no"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.interop.fhir.labels import labels_of, worded
from openkap.interop.fhir.reading import Notes, codes, day, items, mapping, status_among, text, words
from openkap.interop.fhir.statements import WHY, FhirStatement, statement_in
from openkap.interop.fhir.values import quantity
from openkap.kernel.code import Code
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _

UNCONFIRMED = _("Kept, and marked as not confirmed: the sender calls it {verified}.")
TAKEN_AS_ACTIVE = _("The sender does not say whether it is active; it is taken as active.")
KEPT_AS_SENT = _(
    "Kept as sent. The rules read it by its name, and by this code only where a protocol names it."
)
ACTIVE = {"active", "recurrence", "relapse"}
ENDED = {"inactive", "remission", "resolved"}
TAKEN_BACK = {"refuted", "entered-in-error"}
NOT_CONFIRMED = {"differential", "provisional", "unconfirmed"}
READ_BY_RULES = {"icd10cm", "icd10"}


@dataclass(frozen=True, slots=True)
class ProblemRead:
    """One problem. `known_code` is whether a rule of ours can read one of its codes."""

    source_id: str
    text: str
    codes: tuple[Code, ...]
    active: bool
    known_code: bool
    started_on: date | None
    ended_on: date | None
    none_known: bool = False
    labels: tuple[Code, ...] = ()
    note: str = ""
    since: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether nobody has marked it as a mere possibility."""
        return not self.note

    @property
    def marked(self) -> str:
        """The problem's words with what the sender says of their certainty."""
        return f"{self.text} ({self.note})" if self.note else self.text


def read_condition(resource: dict[str, Any], notes: Notes) -> ProblemRead | None:
    """The problem; None, with the reason noted, when it is refuted, an error, or says nothing."""
    name, coded = words(resource.get("code")), codes(resource.get("code"))
    if not name:
        told = next((text(one.get("text")) for one in items(resource.get("note"))), "")
        notes.skip(resource, told, why=_("It has neither a code nor words."))
        return None
    verified = status_among(resource.get("verificationStatus"), TAKEN_BACK, NOT_CONFIRMED)
    if verified in TAKEN_BACK:
        notes.skip(resource, name, why=render(_("The sender marks it {verified}."), {"verified": verified}))
        return None
    if verified:
        notes.skip(resource, name, why=render(UNCONFIRMED, {"verified": verified}))
    status = status_among(resource.get("clinicalStatus"), ACTIVE, ENDED)
    if status not in ACTIVE | ENDED:
        notes.skip(resource, name, why=TAKEN_AS_ACTIVE)
    said = statement_in(coded, name)
    if said in (FhirStatement.UNKNOWN, FhirStatement.ONE_KIND) or (said and status in ENDED):
        notes.skip(resource, name, why=WHY[said])
        return None
    known = any(code.system in READ_BY_RULES for code in coded)
    if not known and not said:
        code = f"{coded[0]}" if coded else "no code"
        notes.skip(resource, f"{name} ({code})", why=KEPT_AS_SENT)
    return ProblemRead(
        source_id=text(resource.get("id")),
        text=name,
        codes=coded,
        active=status not in ENDED,
        known_code=known,
        started_on=_day_of(resource, "onset") or day(resource.get("recordedDate")),
        ended_on=_day_of(resource, "abatement"),
        none_known=said is FhirStatement.NONE,
        labels=worded(labels_of(resource)),
        note=f"unconfirmed: {verified}" if verified else "",
        since=_since(resource),
    )


def _day_of(resource: dict[str, Any], element: str) -> date | None:
    """The day something began or ended, where the sender knows it to the day."""
    period = mapping(resource.get(f"{element}Period"))
    return day(resource.get(f"{element}DateTime")) or day(period.get("start"))


def _since(resource: dict[str, Any]) -> str:
    """When it began, as exact as it was sent: a day, a year, an age or a sentence."""
    age = quantity(mapping(resource.get("onsetAge")))
    told = text(resource.get("onsetDateTime")) or text(mapping(resource.get("onsetPeriod")).get("start"))
    return told or text(resource.get("onsetString")) or (f"at the age of {age}" if age else "")
