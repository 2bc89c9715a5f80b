"""What defaults offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import STAFF, Manifest, NavigationEntry
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="The clinic's numbers",
    navigation=(
        NavigationEntry(
            _("Numbers"),
            "defaults:numbers",
            STAFF,
            86,
            about=_("The limits and times the rules go by, each with its source."),
        ),
    ),
    pure=("events", "loading", "numbers", "reasons", "rules"),
)
