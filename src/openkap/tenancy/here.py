"""The clinic's own clock and calendar, for whatever is shown or typed there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from openkap.tenancy.models import Clinic
from openkap.ui import days


@contextmanager
def local_to(clinic: Clinic) -> Iterator[None]:
    """Times in the clinic's zone and days in its country's order, for the length of the block."""
    with timezone.override(clinic.tz), days.in_order(month_first=clinic.month_first):
        yield
