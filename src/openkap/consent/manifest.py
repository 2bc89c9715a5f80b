"""What consent offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest, Tab
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Consent",
    cards=(Card("chart_side", "choices", 20),),
    timeline={"signed": "papers"},
    tabs=(Tab(_("Consent"), "consent:document", 30),),
    patient_keys=("queries",),
    pure=(
        "statements",
        "events",
        "rules",
    ),
)
