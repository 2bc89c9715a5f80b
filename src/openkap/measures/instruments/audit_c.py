"""AUDIT-C: the three questions of the AUDIT about how much alcohol, each from 0 to 4, summed.

Positive from 4 for men and from 3 for women; where the sex is not recorded the lower cut is taken (a default
of this software), so that nobody is missed. When every point comes from the first question, drinking may be
within limits: the answers are to be looked at. It is a screening, and no diagnosis.
"""

from __future__ import annotations

from openkap.kernel.code import Code
from openkap.kernel.evidence import Source, Status
from openkap.measures.instruments.instrument import Answers, Band, Bands, Instrument, numbered

CUT, CUT_OF_MEN = 3, 4
LOOK = "audit_c_first_question_alone"
SOURCE = Source("LOINC_75626_2", "LOINC 75626-2, total of the AUDIT-C", "P", "https://loinc.org/75626-2")


def _bands(cut: int) -> Bands:
    rows = (Band(0, f"below the cut of {cut}"), Band(cut, f"at or above the cut of {cut}"))
    return Bands(rows=rows, status=Status.VERIFIED, source=SOURCE)


def first_question_alone(answers: Answers) -> tuple[str, ...]:
    """The flag of a total that could be positive and comes from how often somebody drinks alone."""
    alone = answers["1"] >= CUT and answers["2"] == answers["3"] == 0
    return (LOOK,) if alone else ()


INSTRUMENT = Instrument(
    key="audit_c",
    name="AUDIT-C",
    title="Alcohol Use Disorders Identification Test, the three questions of consumption",
    version="1998",
    recall="the last 12 months",
    items=numbered(3),
    highest=4,
    bands=_bands(CUT),
    bands_of_sex=(("male", _bands(CUT_OF_MEN)),),
    more_flags=first_question_alone,
    flag_words=((LOOK, "every point from the first question: look at the answers"),),
    source=SOURCE,
    total_code=Code("loinc", "75626-2", "AUDIT-C total score"),
)
