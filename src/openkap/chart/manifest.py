"""What chart offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Chart",
    patient_keys=("queries",),
    pure=(
        "events",
        "rules",
    ),
)
