"""What notices offers to the rest of the system, and what it asks of it."""

from openkap.accounts.events import FactorResetVouched, PersonInvited
from openkap.kernel.manifest import Card, Manifest, NavigationEntry
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Notices",
    navigation=(
        NavigationEntry(
            _("Notices"),
            "notices:notices",
            ("coordinator", "administrator"),
            60,
            about=_("What was sent to whom, and what could not be sent."),
        ),
    ),
    subscriptions={
        PersonInvited: "on_invited",
        FactorResetVouched: "on_factor_reset_vouched",
    },
    jobs=True,
    sets_up=True,
    pure=(
        "events",
        "rules",
    ),
    cards=(
        Card("today_top", "waiting", 50, ("administrator",)),
        Card("today_side", "waiting", 40, ("coordinator",)),
    ),
)
