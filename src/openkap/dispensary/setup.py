"""What the dispensary needs before the first patient: a product."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.accounts.calls import ClinicRequest
from openkap.dispensary import queries
from openkap.ui.setup import SetupStep


def steps(request: ClinicRequest) -> list[SetupStep]:
    """A product in the formulary."""
    return [SetupStep(_("A product in the formulary"), bool(queries.formulary()), "dispensary:formulary")]
