"""What dosing offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import TREATING, Entry, Manifest

MANIFEST = Manifest(
    title="Dosing",
    navigation=(
        Entry("Rooms", "dosing:board", TREATING, 30),
        Entry("Monitors", "dosing:monitors", ("nurse", "coordinator", "administrator"), 70),
    ),
    links={"open_session": "dosing:open"},
    jobs=True,
    pure=("phrases", "statements", "events", "rules", "leaving", "infusion", "pack_rules"),
)
