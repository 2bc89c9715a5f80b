"""Generalized Anxiety Disorder-7: seven items from 0 to 3, summed."""

from __future__ import annotations

from openkap.kernel.code import Code
from openkap.kernel.evidence import Source, Status
from openkap.measures.instruments.instrument import Band, Bands, Instrument, numbered

INSTRUMENT = Instrument(
    key="gad_7",
    name="GAD-7",
    title="Generalized Anxiety Disorder-7",
    version="2006",
    recall="the last 2 weeks",
    items=numbered(7),
    highest=3,
    bands=Bands(
        rows=(Band(0, "minimal"), Band(5, "mild"), Band(10, "moderate"), Band(15, "severe")),
        status=Status.VERIFIED,
        source=Source("CAMCOPS_GAD7", "CamCOPS documentation of the GAD-7: steps at 5, 10 and 15", "S"),
    ),
    source=Source("CAMCOPS_GAD7", "CamCOPS documentation of the GAD-7", "S"),
    chart_lane=2,
    total_code=Code("loinc", "70274-6", "GAD-7 total score"),
)
