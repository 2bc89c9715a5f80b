"""What measures offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest, Tab
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Measures",
    timeline={"scores": "scores"},
    tabs=(Tab(_("Measures"), "measures:patient", 60),),
    patient_keys=("queries",),
    explains=("queries",),
    pure=("statements", "events", "rules", "instruments"),
)
