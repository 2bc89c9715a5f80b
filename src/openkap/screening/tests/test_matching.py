"""H17: every way a row of the pack can be met is met, one at a time. Each was a mutant that lived."""

from __future__ import annotations

import pytest

from openkap.kernel.evidence import Status
from openkap.protocols import loading
from openkap.screening import rules
from openkap.screening.facts import Allergy, Facts, Medicine, Problem
from openkap.screening.rules import Finding
from openkap.screening.tests.test_rules import PACK, SIGNED, _well
from tests.packs import BUNDLED

ROWS = PACK.contraindications


def _flags(facts: Facts) -> set[str]:
    return {
        it.rule for it in rules.assess(facts, pack=PACK, signed=SIGNED).findings if it.outcome != "eligible"
    }


def _cases(field: str) -> list[tuple[str, str]]:
    return [(row.id, value) for row in ROWS for value in getattr(row.when, field)]


@pytest.mark.parametrize(("row", "substance"), _cases("allergy"))
def test_an_allergy_a_row_names_meets_it(row: str, substance: str) -> None:
    """H17: an allergy to ketamine met nothing, and no test saw it."""
    assert row in _flags(_well(allergies=(Allergy(substance),)))
    assert row in _flags(_well(allergies=(Allergy(f"{substance.title()} 50 mg/mL, rash"),)))
    assert row not in _flags(_well(allergies=(Allergy("latex"),)))


def _one(system: str, code: str, *, active: bool, row: str = "") -> Facts:
    """The well person with one problem; what a row asks about such a problem has not been asked yet."""
    asks = next((it.when.asks for it in ROWS if it.id == row), "")
    answers = {name: it for name, it in _well().answers.items() if name != asks}
    return _well(problems=(Problem("told by its code", ((system, code),), active=active),), answers=answers)


@pytest.mark.parametrize(("row", "code"), _cases("icd10cm"))
def test_a_code_of_now_meets_its_row_only_while_it_is_active(row: str, code: str) -> None:
    """H17."""
    assert row in _flags(_one("icd10cm", code, active=True, row=row))
    when = next(one.when for one in ROWS if one.id == row)
    if not any(code.startswith(past) for past in (*when.icd10cm_past, *when.icd10cm_ever)):
        assert row not in _flags(_one("icd10cm", code, active=False, row=row))


@pytest.mark.parametrize(("row", "code"), _cases("icd10cm_past"))
def test_a_code_of_the_past_meets_its_row_when_it_is_past(row: str, code: str) -> None:
    """H17: a psychosis that has passed."""
    assert row in _flags(_one("icd10cm", code, active=False))


@pytest.mark.parametrize(("row", "code"), _cases("icd10cm_ever"))
@pytest.mark.parametrize("active", [True, False])
def test_a_code_of_ever_meets_its_row_at_any_time(row: str, code: str, active: bool) -> None:
    """H17: an aneurysm by its code."""
    assert row in _flags(_one("icd10cm", code, active=active))


@pytest.mark.parametrize(("row", "code"), [*_cases("snomed"), *_cases("snomed_ever")])
def test_a_snomed_code_meets_its_row(row: str, code: str) -> None:
    """H17."""
    assert row in _flags(_one("snomed", code, active=True, row=row))
    assert row not in _flags(_one("snomed", "0", active=True, row=row))


OPIOIDS = ("morphine", "oxycodone", "fentanyl", "methadone", "buprenorphine", "tramadol")
BENZODIAZEPINES = ("diazepam", "lorazepam", "alprazolam", "clonazepam")


@pytest.mark.parametrize("name", [*OPIOIDS, *BENZODIAZEPINES])
def test_what_adds_sedation_is_in_the_table_by_name(name: str) -> None:
    """H18: a drug that falls out of the table is seen here."""
    assert "DDI_CNS" in _flags(_well(medicines=(Medicine(f"{name.title()} 10 mg"),)))


@pytest.mark.parametrize(
    ("system", "code", "row"),
    [
        (system, code, row.id)
        for row in loading.load_bundled(BUNDLED).interactions
        if row.severity not in ("none",)
        for drug in row.drugs
        for system, code in [("rxnorm", drug.rxnorm), *(("atc", atc) for atc in drug.atc)]
        if code
    ],
)
def test_every_drug_of_the_table_is_found_by_each_of_its_codes(system: str, code: str, row: str) -> None:
    """H18."""
    found = rules.assess(
        _well(medicines=(Medicine("by its code", ((system, code),)),)), pack=PACK, signed=SIGNED
    ).findings
    assert row in {it.rule for it in found}


def test_what_is_only_said_is_nobodys_to_decide():
    said = Finding("FLAG", "RULE", "info", "eligible", "", "Ask today.", (), Status.VERIFIED, ())
    assert said.override_words == ""
