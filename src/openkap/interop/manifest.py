"""What interop offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest, NavigationEntry
from openkap.kernel.wording import sentence as _
from openkap.watch.events import ValuesArchived

MANIFEST = Manifest(
    title="Interoperability",
    navigation=(
        NavigationEntry(_("Referrals"), "interop:referrals", ("coordinator",), 50),
        NavigationEntry(
            _("Monitor messages"),
            "interop:inbox",
            ("nurse", "coordinator", "administrator"),
            75,
            about=_("What monitors sent and no session could chart."),
        ),
    ),
    links={
        "new_referral": "interop:new_referral",
        "referrals_of": "interop:brought",
        "monitor_messages": "interop:inbox",
    },
    cards=(Card("today_side", "referrals", 20, ("coordinator",)),),
    timeline={"referrals": "papers"},
    patient_keys=("referrals.queries",),
    subscriptions={ValuesArchived: "on_values_archived"},
    jobs=True,
    pure=(
        "assess",
        "numbers",
        "statements",
        "events",
        "rules",
        "referrals.reading",
        "fhir",
        "hl7v2.framing",
        "hl7v2.message",
        "hl7v2.observations",
        "hl7v2.understood",
        "hl7v2.clock",
        "hl7v2.charsets",
        "hl7v2.archived",
    ),
)
