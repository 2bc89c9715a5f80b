"""Calling what was charted by hand an error, and charting the right value."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts.routes import ClinicRequest
from openkap.dosing import actions, queries
from openkap.dosing.by_hand import HandEntry, entries_of
from openkap.dosing.forms import ErrorForm
from openkap.dosing.models import EnteredInError, Session, Vital
from openkap.dosing.readings import DBP, SBP
from openkap.dosing.views.before import zone_of
from openkap.ui.pages import page, submitted

VALUE = EnteredInError.Kind.VALUE


def error(request: ClinicRequest, session: uuid.UUID, kind: str, charted: uuid.UUID) -> HttpResponse:
    """One entry, and why it was wrong."""
    row = queries.get(session)
    entry = next((it for it in entries_of(row) if (it.kind, it.id) == (kind, charted)), None)
    if entry is None:
        raise Http404
    codes = _codes(row, entry)
    form = ErrorForm(request.POST or None, codes=codes)
    if submitted(request, form):
        stamp = {"why": form.cleaned_data["why"], "by": request.actor, "at": request.at}
        values = form.values()
        if values:
            actions.correct_value(session, entry_id=charted, values=values, **stamp)
        else:
            actions.enter_in_error(session, kind=kind, entry_id=charted, **stamp)
        return redirect("dosing:room", session=session)
    context = {"session": row, "patient": row.patient, "entry": entry, "form": form, "fields": codes}
    with timezone.override(zone_of(request)):
        return page(request, "dosing/error.html", context)


def _codes(session: Session, entry: HandEntry) -> list[str]:
    """What a value entry holds: of a cuff reading both pressures."""
    if entry.kind != VALUE:
        return []
    row = Vital.objects.get(session=session, id=entry.id)
    partner = Vital.objects.filter(
        session=session, code=DBP, source="hand", measured_at=row.measured_at, by_id=row.by_id
    )
    return [SBP, DBP] if row.code == SBP and partner.exists() else [row.code]
