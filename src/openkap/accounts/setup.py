"""What accounts needs before the first patient: a clinic one can reach, somebody in each role, two duties."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.accounts import duties, queries
from openkap.accounts.calls import ClinicRequest
from openkap.accounts.roles import CLINICAL, Role
from openkap.ui.setup import SetupStep

NEEDED = (Role.COORDINATOR, *sorted(CLINICAL))


def steps(request: ClinicRequest) -> list[SetupStep]:
    """The clinic's particulars, its people, and who answers for what."""
    there = {member.role for member in queries.team()}
    missing = [str(Role(role).label).lower() for role in NEEDED if role not in there]
    return [
        SetupStep(
            _("The clinic's phone number, which patients are shown"),
            bool(request.clinic.phone),
            "accounts:particulars",
        ),
        SetupStep(
            _("Somebody in each role"),
            not missing,
            "accounts:team",
            _("nobody yet: %(roles)s") % {"roles": ", ".join(missing)} if missing else "",
        ),
        SetupStep(_("A medical director"), duties.medical_director() is not None, "accounts:duties"),
        SetupStep(
            _("Somebody named for the independent check"),
            bool(duties.competent_for_check()),
            "accounts:duties",
        ),
    ]
