"""What therapy offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest, Tab
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Therapy",
    links={"preparation": "therapy:preparation", "integration": "therapy:integration"},
    timeline={"visits": "visits"},
    tabs=(Tab(_("Therapy"), "therapy:of_patient", 50),),
    patient_keys=("queries",),
    pure=(
        "numbers",
        "events",
        "rules",
    ),
)
