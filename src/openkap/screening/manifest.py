"""What screening offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest, Tab
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Screening",
    cards=(
        Card("chart_top", "second_on_chart", 50),
        Card("today_waiting", "second_on_the_day", 10, ("prescriber",)),
    ),
    timeline={"decisions": "papers"},
    tabs=(Tab(_("Screening"), "screening:screening", 20),),
    patient_keys=("queries",),
    pure=(
        "numbers",
        "statements",
        "events",
        "facts",
        "rules",
        "deciding",
        "matching",
        "indication",
        "unread",
    ),
)
