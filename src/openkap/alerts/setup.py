"""What alerts needs before the first patient: hours, people on call, crisis lines."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.accounts.calls import ClinicRequest
from openkap.alerts import covering
from openkap.ui.setup import SetupStep


def steps(request: ClinicRequest) -> list[SetupStep]:
    """Opening hours, who is on call, and the crisis lines, signed."""
    text = _("Opening hours, who is on call, and crisis lines, signed")
    return [SetupStep(text, covering.in_force() is not None, "alerts:cover")]
