"""What measures offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Measures",
    patient_keys=("queries",),
    explains=("queries",),
    pure=("statements", "events", "rules", "instruments"),
)
