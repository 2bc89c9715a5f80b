"""PTSD Checklist for DSM-5, the form about the past month: twenty items from 0 to 4.

There are no severity bands in the evidence, only a cut of 31 to 33 that depends on the population; the lower
end is taken, so that nobody is missed. The symptom pattern counts an item from 2 (“moderately”) on: one of
intrusion, one of avoidance, two of cognition and mood, two of arousal. Neither is a diagnosis.
"""

from __future__ import annotations

from openkap.kernel.code import Code
from openkap.kernel.evidence import Source, Status
from openkap.measures.instruments.instrument import Answers, Band, Bands, Instrument, numbered

ITEMS = numbered(20)
CLUSTERS = (
    ("intrusion", ITEMS[0:5]),
    ("avoidance", ITEMS[5:7]),
    ("cognition and mood", ITEMS[7:14]),
    ("arousal", ITEMS[14:20]),
)
COUNTS_FROM = 2
NEEDED = {"intrusion": 1, "avoidance": 1, "cognition and mood": 2, "arousal": 2}
PATTERN = "dsm5_pattern"


def pattern(answers: Answers) -> tuple[str, ...]:
    """The flag of the symptom pattern, when every cluster has enough items that count."""
    for name, items in CLUSTERS:
        if sum(answers[item] >= COUNTS_FROM for item in items) < NEEDED[name]:
            return ()
    return (PATTERN,)


INSTRUMENT = Instrument(
    key="pcl_5",
    name="PCL-5",
    title="PTSD Checklist for DSM-5",
    version="2013, past month",
    recall="the past month",
    items=ITEMS,
    highest=4,
    subscales=CLUSTERS,
    more_flags=pattern,
    flag_words=((PATTERN, "DSM-5 symptom pattern present"),),
    bands=Bands(
        rows=(Band(0, "below the cut of 31"), Band(31, "at or above the cut of 31")),
        status=Status.VERIFIED,
        source=Source("NCPTSD_PCL5", "National Center for PTSD, as quoted: cut of 31 to 33", "S"),
    ),
    source=Source("COMORBIDITY_PCL5", "Comorbidity Guidelines (Australia), PCL-5 appendix", "S"),
    chart_lane=3,
    total_code=Code("loinc", "101698-9", "PCL-5 total score"),
)
