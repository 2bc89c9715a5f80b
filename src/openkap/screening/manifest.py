"""What screening offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Screening",
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
