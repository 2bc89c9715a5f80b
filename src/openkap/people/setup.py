"""What people needs before the first patient: a room."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.accounts.calls import ClinicRequest
from openkap.people import queries
from openkap.ui.setup import SetupStep


def steps(request: ClinicRequest) -> list[SetupStep]:
    """A room for sessions."""
    return [SetupStep(_("A room for sessions"), bool(queries.rooms()), "people:rooms")]
