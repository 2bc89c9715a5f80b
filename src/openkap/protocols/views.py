"""The pages of protocols: which the clinic has taken over, and one of them, row by row."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts import duties
from openkap.accounts.calls import ClinicRequest
from openkap.defaults.forms import NameForm
from openkap.kernel.evidence import Status
from openkap.protocols import actions, queries
from openkap.protocols.forms import NumberForm, OwnPackForm, SignRowsForm, field_words
from openkap.protocols.models import PackVersion, SignedRow
from openkap.protocols.pack import SHOWN_ONLY, Pack
from openkap.protocols.rows import Row
from openkap.protocols.words import in_words
from openkap.ui.pages import page
from openkap.ui.typed import bound, read, sent


def packs(request: ClinicRequest) -> HttpResponse:
    """The protocols taken over, and those that could be."""
    context = {
        "adopted": queries.adopted(),
        "others": [(it, _changes(it)) for it in queries.not_adopted(request.clinic.profile)],
        "own_form": bound(request, "add_own", OwnPackForm),
    }
    return page(request, "protocols/packs.html", context)


def _changes(pack: Pack) -> dict[str, Any] | None:
    """What a pack says otherwise than the version the clinic took over before it, to be set side by side."""
    told = queries.changes_since_before(pack)
    return {"version": told[0].version, "rows": in_words(told[1])} if told else None


def adopt(request: ClinicRequest) -> HttpResponse:
    """Take a protocol over."""
    row = actions.adopt(sent(request, "pack"), by=request.actor, at=request.at)
    return redirect("protocols:pack", pack=row.id)


def add_own(request: ClinicRequest) -> HttpResponse:
    """Take over a protocol that the clinic has written itself."""
    typed = read(bound(request, "add_own", OwnPackForm))
    row = actions.add_own(typed["file"], by=request.actor, at=request.at)
    return redirect("protocols:pack", pack=row.id)


def _version(pack: uuid.UUID) -> PackVersion:
    version = queries.one(pack)
    if version is None:
        raise Http404
    return version


def _open_rows(version: PackVersion) -> list[tuple[str, str]]:
    """The rows nobody has signed and no source has verified, to be signed."""
    signed = queries.signatures(version)
    return [
        (row.id, f"{row.id}: {row.text}")
        for _, section in queries.pack_of(version).rows()
        for row in section
        if row.id not in signed and row.status is not Status.VERIFIED
    ]


def _sign_form(request: ClinicRequest, version: PackVersion) -> SignRowsForm:
    return bound(request, "pack", SignRowsForm, rows=_open_rows(version))


def _number_form(request: ClinicRequest, pack: Pack) -> NumberForm:
    numbers = [
        (f"{row.id}:{choice.field}", field_words(choice.field)) for row, choice in queries.choices_of(pack)
    ]
    return bound(request, "propose", NumberForm, numbers=numbers)


def _numbers(pack: Pack, now: Pack) -> list[dict[str, Any]]:
    """The numbers the clinic may choose, each as it acts now, with its range and its row."""
    return [
        {
            "words": field_words(choice.field),
            "now": queries.number_now(now, row.id, field=choice.field),
            "choice": choice,
            "row": row,
        }
        for row, choice in queries.choices_of(pack)
    ]


# Which rows of a protocol are shown, and open to read and to print; without a word all are there, folded.
WAYS = ("all", "open", "signed", "verified")


def _is_shown(told: tuple[Row, SignedRow | None, bool], way: str) -> bool:
    """Whether a row stands so: verified in its source, signed here, or neither."""
    _, signature, verified = told
    return {"open": not (verified or signature), "signed": bool(signature), "verified": verified}.get(
        way, True
    )


def pack(request: ClinicRequest, pack: uuid.UUID, **_: uuid.UUID) -> HttpResponse:
    """One protocol, readably: every row with its source and status, and who signed what."""
    version = _version(pack)
    content, signed = queries.pack_of(version), queries.signatures(version)
    sections = [
        (name, [(row, signed.get(row.id), row.status is Status.VERIFIED) for row in rows])
        for name, rows in content.rows()
    ]
    shown = request.GET.get("rows", "")
    context = {
        "version": version,
        "pack": content,
        "sections": [(name, [it for it in rows if _is_shown(it, shown)]) for name, rows in sections],
        "counts": {way: sum(_is_shown(it, way) for _, rows in sections for it in rows) for way in WAYS},
        "shown": shown if shown in WAYS else "",
        "changes": _changes(content),
        "form": _sign_form(request, version),
        "open_rows": _open_rows(version),
        "number_form": _number_form(request, content),
        "name_form": NameForm(),
        "proposals": [(it, field_words(it.field)) for it in queries.proposals(version)],
        "numbers": _numbers(content, queries.effective_pack(version)),
        "shown_only": sorted(SHOWN_ONLY),
        "director": duties.medical_director(),
        "is_director": duties.is_director(request.actor),
    }
    return page(request, "protocols/pack.html", context)


def sign_rows(request: ClinicRequest, pack: uuid.UUID) -> HttpResponse:
    """The medical director signs rows that no source has verified."""
    typed = read(_sign_form(request, _version(pack)))
    actions.sign_rows(
        pack, row_ids=typed["rows"], typed_name=typed["typed_name"], by=request.actor, at=request.at
    )
    return redirect("protocols:pack", pack=pack)


def propose(request: ClinicRequest, pack: uuid.UUID) -> HttpResponse:
    """Propose another value for a number the pack leaves to the clinic."""
    typed = read(_number_form(request, queries.pack_of(_version(pack))))
    row_id, field = typed["number"].split(":")
    actions.propose_number(
        pack,
        row_id=row_id,
        field=field,
        value=typed["value"],
        why=typed["why"],
        by=request.actor,
        at=request.at,
    )
    return redirect("protocols:pack", pack=pack)


def sign_number(request: ClinicRequest, pack: uuid.UUID, proposal: uuid.UUID) -> HttpResponse:
    """The medical director signs a number that somebody else proposed."""
    typed = read(bound(request, "sign_number", NameForm))
    actions.sign_number(proposal, typed_name=typed["typed_name"], by=request.actor, at=request.at)
    return redirect("protocols:pack", pack=pack)
