"""What therapy offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Therapy",
    links={"preparation": "therapy:preparation", "integration": "therapy:integration"},
    patient_keys=("queries",),
    pure=(
        "numbers",
        "events",
        "rules",
    ),
)
