"""What consent offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Consent",
    patient_keys=("queries",),
    pure=(
        "statements",
        "events",
        "rules",
    ),
)
