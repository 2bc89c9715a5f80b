"""Pure: what of a referral goes into the chart, and what is only kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from openkap.chart import rules as chart
from openkap.interop.fhir.bundle import UnderstoodBundle
from openkap.interop.fhir.documents import FhirDocument
from openkap.interop.fhir.observation import ResultRead
from openkap.interop.fhir.patient import PatientRead
from openkap.interop.fhir.reading import KeptAside, NotUnderstood
from openkap.interop.reasons import InteropReason
from openkap.kernel.answer import Answer
from openkap.kernel.measured import objections_to_time
from openkap.kernel.quantity import plain
from openkap.kernel.refusal import Objection
from openkap.kernel.wording import sentence as _
from openkap.kernel.wording import translated
from openkap.people.rules import folded

# Words many names share: that two people have one of them says nothing.
TELL_NOBODY_APART = frozenset(
    {"al", "abu", "bin", "da", "das", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la"}
    | {"las", "le", "los", "of", "van", "von", "y"}
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The results of a bundle: those for the chart, and those only kept, with the reason."""

    charted: tuple[ResultRead, ...]
    kept: tuple[KeptAside, ...]


def sort_results(understood: UnderstoodBundle, *, at: datetime) -> Sorted:
    """What is impossible, exchanged, in a wrong unit or of the future is not charted; it stays, with why."""
    born = understood.patient.birth_date
    earliest = datetime.combine(born, time(), tzinfo=UTC) - timedelta(days=1) if born else None
    told = [(it.measured_at, it.code.code, it.value) for it in understood.results]
    exchanged = chart.exchanged_pressures(told)
    charted, kept = [], list(understood.kept_aside)
    for result in understood.results:
        objections = chart.objections_to_result(code=result.code.code, value=result.value, unit=result.unit)
        objections += objections_to_time(result.measured_at, at=at, not_before=earliest)
        if result.code.code in (chart.SYSTOLIC, chart.DIASTOLIC) and result.measured_at in exchanged:
            objections.append(exchanged[result.measured_at])
        if objections:
            when = result.measured_at.isoformat()
            kept.append(KeptAside(result.text, plain(result.value), result.unit, objections[0].text, when))
        else:
            charted.append(result)
    return Sorted(tuple(charted), tuple(kept))


def newest(results: tuple[ResultRead, ...]) -> list[ResultRead]:
    """The newest result of each code, for the eye."""
    last: dict[str, ResultRead] = {}
    for result in results:
        known = last.get(result.code.code)
        if known is None or result.measured_at > known.measured_at:
            last[result.code.code] = result
    return sorted(last.values(), key=lambda result: result.text)


def letter(content: bytes) -> UnderstoodBundle | None:
    """A referral that is a document and no bundle: kept, shown, and read by people alone."""
    start = content[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF-"):
        document = FhirDocument(translated(_("Letter (PDF)")), "application/pdf", content)
    elif start.startswith(b"<"):
        document = FhirDocument(translated(_("Letter (XML)")), "application/xml", content)
    else:
        return None
    why = _("A document is kept and shown; nothing in it is read by this software.")
    return UnderstoodBundle(
        patient=PatientRead(),
        problems=(),
        medicines=(),
        allergies=(),
        results=(),
        not_understood=(NotUnderstood("Document", document.title, translated(why)),),
        asked=dict.fromkeys(("problem", "medicine", "allergy"), Answer.NOT_ASKED),
        documents=(document,),
    )


def shown(value: Decimal) -> str:
    """A value as the page says it: at most one decimal."""
    return plain(value.quantize(Decimal("0.1")))


def objections_to_joining(understood: UnderstoodBundle, *, name: str, birth_date: date) -> list[Objection]:
    """Why a referral is not taken into a record that is here: it speaks of another person (H29)."""
    told = understood.patient
    objections = []
    if told.born and not birth_date.isoformat().startswith(told.born):
        reason = InteropReason.OTHER_BIRTH_DATE if told.birth_date else InteropReason.OTHER_BIRTH_PART
        born = told.birth_date or told.born
        objections.append(reason("whose", born=born, name=name, birth_date=birth_date))
    others = [part for it in told.other_names for part in (it.given, it.family)]
    parts = [part for part in (told.given_name, told.family_name, *others) if folded(part)]
    if parts and not any(_same_name(part, name) for part in parts):
        objections.append(InteropReason.OTHER_NAME("whose", name=told.name, here=name))
    return objections


def by_hand(understood: UnderstoodBundle) -> dict[str, str]:
    """What the form for taking somebody in by hand begins with: what was told, and nothing else."""
    told = understood.patient
    fields = {
        "given_name": told.given_name,
        "family_name": told.family_name,
        "birth_date": told.birth_date.isoformat() if told.birth_date else "",
        "phone": told.phone,
    }
    return {name: value for name, value in fields.items() if value}


def _same_name(part: str, name: str) -> bool:
    """Whether a part of a name stands in a name: whole, or in a word of it that tells people apart."""
    shared = {folded(word) for word in part.split()} & {folded(word) for word in name.split()}
    return folded(part) in folded(name) or bool(shared - TELL_NOBODY_APART - {""})


def objections_to_taking(understood: UnderstoodBundle) -> list[Objection]:
    """What must be known before a person can be taken in from a referral; by hand they always can."""
    patient = understood.patient
    objections = []
    if patient.birth_date is None:
        reason = InteropReason.BIRTH_DATE_INCOMPLETE if patient.born else InteropReason.BIRTH_DATE_MISSING
        objections.append(reason("whose", **({"born": patient.born} if patient.born else {})))
    if not patient.name:
        objections.append(InteropReason.NAME_MISSING("whose"))
    return objections
