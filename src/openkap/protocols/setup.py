"""What protocols needs before the first patient: one that is taken over, and read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.accounts.calls import ClinicRequest
from openkap.protocols import queries
from openkap.ui.setup import SetupStep


def steps(request: ClinicRequest) -> list[SetupStep]:
    """A protocol, with rows the medical director has signed."""
    adopted = queries.adopted()
    return [
        SetupStep(_("A protocol taken over"), bool(adopted), "protocols:packs"),
        SetupStep(
            _("Its rows read and signed by the medical director"),
            queries.is_any_row_signed(),
            "protocols:packs",
        ),
    ]
