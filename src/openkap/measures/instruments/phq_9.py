"""Patient Health Questionnaire-9: nine items from 0 to 3; the ninth asks about death and self-harm (H12).

The tenth question, about how difficult things have become, is asked and kept, and never counted.
"""

from __future__ import annotations

from openkap.kernel.code import Code
from openkap.kernel.evidence import Source, Status
from openkap.measures.instruments.instrument import Band, Bands, Instrument, numbered

INSTRUMENT = Instrument(
    key="phq_9",
    name="PHQ-9",
    title="Patient Health Questionnaire-9",
    version="1999",
    recall="the last 2 weeks",
    items=numbered(9),
    highest=3,
    critical=("9",),
    unscored=(("difficulty", 3),),
    bands=Bands(
        rows=(
            Band(0, "minimal"),
            Band(5, "mild"),
            Band(10, "moderate"),
            Band(15, "moderately severe"),
            Band(20, "severe"),
        ),
        status=Status.VERIFIED,
        source=Source("LOINC_LL382", "LOINC answer list LL382-3", "P", "https://loinc.org/LL382-3"),
    ),
    source=Source("LOINC_44261", "LOINC 44261-6, PHQ-9 total score", "P", "https://loinc.org/44261-6"),
    chart_lane=1,
    total_code=Code("loinc", "44261-6", "PHQ-9 total score"),
)
