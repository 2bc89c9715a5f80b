"""What notices offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Entry, Manifest

MANIFEST = Manifest(
    title="Notices",
    navigation=(Entry("Notices", "notices:notices", ("coordinator", "administrator"), 60),),
    subscriptions={
        "accounts.invited": "on_invited",
        "accounts.factor_reset_vouched": "on_factor_reset_vouched",
    },
    jobs=True,
    pure=("rules",),
)
