"""Calling what was charted by hand an error, and charting the right value."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkap.accounts.calls import ClinicRequest
from openkap.dosing import actions
from openkap.dosing.forms import ErrorForm
from openkap.dosing.views.before import zone_of
from openkap.ui.pages import page
from openkap.ui.typed import bound, read
from openkap.watch import queries as watch_queries
from openkap.watch.by_hand import HandEntry, entries_of
from openkap.watch.codes import DBP, SBP
from openkap.watch.models import EnteredInError, Session, Vital

VALUE = EnteredInError.Kind.VALUE


def _entry(session: Session, kind: str, *, charted: uuid.UUID) -> HandEntry:
    entry = next((it for it in entries_of(session) if (it.kind, it.id) == (kind, charted)), None)
    if entry is None:
        raise Http404
    return entry


def error(request: ClinicRequest, session: uuid.UUID, *, kind: str, charted: uuid.UUID) -> HttpResponse:
    """One entry, and why it was wrong."""
    row = watch_queries.get(session)
    entry = _entry(row, kind, charted=charted)
    codes = _codes(row, entry)
    form = bound(request, "error", ErrorForm, codes=codes)
    context = {"session": row, "patient": row.patient, "entry": entry, "form": form, "fields": codes}
    with timezone.override(zone_of(request)):
        return page(request, "dosing/error.html", context)


def call_it_an_error(
    request: ClinicRequest, session: uuid.UUID, *, kind: str, charted: uuid.UUID
) -> HttpResponse:
    """Strike one entry through, and chart the right value when there is one."""
    row = watch_queries.get(session)
    form = bound(request, "error", ErrorForm, codes=_codes(row, _entry(row, kind, charted=charted)))
    stamp = {"why": read(form)["why"], "by": request.actor, "at": request.at}
    values = form.values()
    if values:
        actions.correct_value(session, entry_id=charted, values=values, **stamp)
    else:
        actions.enter_in_error(session, kind=kind, entry_id=charted, **stamp)
    return redirect("dosing:room", session=session)


def _codes(session: Session, entry: HandEntry) -> list[str]:
    """What a value entry holds: of a cuff reading both pressures."""
    if entry.kind != VALUE:
        return []
    vital = Vital.objects.get(session=session, id=entry.id)
    partner = Vital.objects.filter(
        session=session, code=DBP, source="hand", measured_at=vital.measured_at, by_id=vital.by_id
    )
    return [SBP, DBP] if vital.code == SBP and partner.exists() else [vital.code]
