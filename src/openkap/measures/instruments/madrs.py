"""Montgomery-Åsberg Depression Rating Scale: ten items from 0 to 6, rated by a clinician in an interview.

Its owner (the Royal College of Psychiatrists) does not allow the wording to be passed on, so it is
score-only: the total is typed in. What the person says about suicide is heard by the clinician who rates it.
"""

from __future__ import annotations

from openkap.kernel.evidence import Source, Status
from openkap.measures.instruments.instrument import Band, Bands, Instrument, numbered

INSTRUMENT = Instrument(
    key="madrs",
    name="MADRS",
    title="Montgomery-Åsberg Depression Rating Scale, by a clinician",
    version="1979",
    recall="the last 7 days",
    items=numbered(10),
    highest=6,
    bands=Bands(
        rows=(Band(0, "none"), Band(7, "mild"), Band(20, "moderate"), Band(35, "severe")),
        status=Status.BACKGROUND,
        source=Source("MADRS_BANDS", "commonly quoted steps at 7, 20 and 35", "S"),
    ),
    source=Source("MADRS_ITEMS", "ten items from 0 to 6, as in published 24-hour and 7-day forms", "S"),
)
