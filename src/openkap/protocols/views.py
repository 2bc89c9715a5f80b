"""The pages of protocols: which the clinic has taken over, and one of them, row by row."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts import duties
from openkap.accounts.routes import ClinicRequest
from openkap.kernel.evidence import Status
from openkap.protocols import actions, queries
from openkap.protocols.forms import NameForm, NumberForm, SignForm
from openkap.protocols.pack import SHOWN_ONLY
from openkap.ui.pages import page, refusal_of, submitted


def packs(request: ClinicRequest) -> HttpResponse:
    """The protocols taken over, and those that could be."""
    context = {"adopted": queries.adopted(), "others": queries.not_adopted()}
    return page(request, "protocols/packs.html", context)


def adopt(request: ClinicRequest) -> HttpResponse:
    """Take a protocol over."""
    if refusal_of(request) is None:
        row = actions.adopt(request.POST.get("pack", ""), by=request.actor, at=request.at)
        return redirect("protocols:pack", pack=row.id)
    return packs(request)


def pack(request: ClinicRequest, pack: uuid.UUID) -> HttpResponse:
    """One protocol, readably: every row with its source and status, and who signed what."""
    return _pack(request, pack)


def _pack(request: ClinicRequest, pack: uuid.UUID) -> HttpResponse:
    version = queries.one(pack)
    if version is None:
        raise Http404
    content, signed = queries.pack_of(version), queries.signatures(version)
    sections = [
        (name, [(row, signed.get(row.id), row.status is Status.VERIFIED) for row in rows])
        for name, rows in content.rows()
    ]
    open_rows = [
        (row.id, f"{row.id}: {row.text}")
        for _, rows in sections
        for row, signature, verified in rows
        if signature is None and not verified
    ]
    form = SignForm(request.POST if "rows" in request.POST else None, rows=open_rows)
    if "rows" in request.POST and submitted(request, form):
        typed = form.cleaned_data
        actions.sign_rows(
            pack, row_ids=typed["rows"], typed_name=typed["typed_name"], by=request.actor, at=request.at
        )
        return redirect("protocols:pack", pack=pack)
    context = {
        "version": version,
        "pack": content,
        "sections": sections,
        "form": form,
        "open_rows": open_rows,
        "number_form": NumberForm(request.POST if "field" in request.POST else None),
        "name_form": NameForm(),
        "proposals": queries.proposals(version),
        "monitoring": queries.effective_pack(version).monitoring,
        "shown_only": sorted(SHOWN_ONLY),
        "director": duties.medical_director(),
        "is_director": duties.is_director(request.actor),
    }
    return page(request, "protocols/pack.html", context)


def propose(request: ClinicRequest, pack: uuid.UUID) -> HttpResponse:
    """Propose another value for a number the pack leaves to the clinic."""
    form = NumberForm(request.POST or None)
    if submitted(request, form):
        actions.propose_number(pack, **form.cleaned_data, by=request.actor, at=request.at)
        return redirect("protocols:pack", pack=pack)
    return _pack(request, pack)


def sign_number(request: ClinicRequest, pack: uuid.UUID, proposal: uuid.UUID) -> HttpResponse:
    """The medical director signs a number that somebody else proposed."""
    form = NameForm(request.POST or None)
    if submitted(request, form):
        actions.sign_number(
            proposal, typed_name=form.cleaned_data["typed_name"], by=request.actor, at=request.at
        )
        return redirect("protocols:pack", pack=pack)
    return _pack(request, pack)
