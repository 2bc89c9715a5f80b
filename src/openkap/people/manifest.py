"""What people offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import TREATING, Entry, Manifest

MANIFEST = Manifest(
    title="People",
    navigation=(Entry("Patients", "people:patients", TREATING, 40),),
    patient_keys=("queries",),
    explains=("queries",),
    subscriptions={"accounts.invitation_accepted": "on_invitation_accepted"},
    pure=("rules", "finding"),
)
