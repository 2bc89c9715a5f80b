"""What notices needs before the first patient: mail that goes out."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from openkap.accounts.calls import ClinicRequest
from openkap.notices import queries
from openkap.ui.setup import SetupStep


def steps(request: ClinicRequest) -> list[SetupStep]:
    """E-mail, and that it was tried."""
    is_set_up = settings.OPENKAP_MAIL_IS_SET_UP
    missing = "" if is_set_up else _("whoever runs the machine sets OPENKAP_EMAIL_URL")
    return [
        SetupStep(
            _("E-mail that goes out: send yourself one"), queries.was_tried(), "notices:notices", missing
        )
    ]
