"""What courses offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Courses",
    patient_keys=("queries",),
    pure=(
        "events",
        "rules",
        "signing_rules",
        "order_rules",
        "dose_rules",
        "counting",
        "order_words",
        "regimen",
    ),
)
