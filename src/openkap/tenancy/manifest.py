"""What tenancy offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Isolation",
    jobs=True,
)
