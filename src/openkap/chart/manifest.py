"""What chart offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest, Tab
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Chart",
    cards=(Card("chart", "lists", 30),),
    timeline={"lists": "lists", "values": "values"},
    tabs=(Tab(_("Medicines"), "chart:lists", 75),),
    patient_keys=("queries",),
    pure=(
        "events",
        "rules",
    ),
)
