"""What desk offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import STAFF, TREATING, Entry, Manifest

MANIFEST = Manifest(
    title="Desk",
    navigation=(
        Entry("Today", "desk:today", STAFF, 10),
        Entry("My page", "desk:own", ("patient",), 10),
        Entry("Find", "desk:search", TREATING, 55),
        Entry("Readings", "desk:week", ("administrator",), 89),
    ),
    links={"record": "desk:chart"},
    jobs=True,
    pure=("statements", "rules", "trend"),
)
