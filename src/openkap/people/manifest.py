"""What people offers to the rest of the system, and what it asks of it."""

from openkap.accounts.events import InvitationAccepted
from openkap.kernel.manifest import TREATING, Card, Manifest, NavigationEntry, Tab
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="People",
    navigation=(
        NavigationEntry(_("Patients"), "people:patients", TREATING, 40),
        NavigationEntry(
            _("Sites and rooms"),
            "people:rooms",
            ("administrator", "coordinator"),
            84,
            about=_("Where sessions are held: adding and closing rooms."),
        ),
    ),
    sets_up=True,
    cards=(Card("chart_side", "around", 30),),
    tabs=(Tab(_("People"), "people:care_team", 90),),
    patient_keys=("queries",),
    explains=("queries",),
    subscriptions={InvitationAccepted: "on_invitation_accepted"},
    pure=("events", "rules", "finding"),
)
