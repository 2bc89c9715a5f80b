"""The pages of the chart's own lists and measurements."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from openkap.accounts.calls import ClinicRequest
from openkap.chart import actions, queries, rules
from openkap.chart.forms import ADD, ENTRY_FORMS, MeasurementForm, VoidForm
from openkap.chart.models import Entry, ListKind, Result
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.refusal import refuse_if
from openkap.people import queries as people
from openkap.ui import links
from openkap.ui.pages import page, paged
from openkap.ui.typed import bound, read

_UNITS = {rules.WEIGHT: "kg", rules.HEIGHT: "cm", rules.SYSTOLIC: "mm[Hg]", rules.DIASTOLIC: "mm[Hg]"}


def _form(request: ClinicRequest, kind: ListKind, *, sent: str = "") -> forms.Form:
    """The form that adds to a list, with what was typed into it where it is the one that was sent."""
    made, ids = ENTRY_FORMS[kind], f"{kind.value}_%s"
    return bound(request, "add_entry", made, auto_id=ids) if kind.value == sent else made(auto_id=ids)


def _kind(text: str) -> ListKind:
    if text not in ListKind.values:
        raise Http404
    return ListKind(text)


def lists(request: ClinicRequest, patient: uuid.UUID, kind: str = "") -> HttpResponse:
    """Problems, medicines and allergies, each with a way to add one more."""
    shown = [
        {
            "kind": one,
            "answer": queries.list_answer(patient, kind=one),
            "entries": queries.entries(patient, kind=one, with_voided=True),
            "form": _form(request, one, sent=kind),
            "add": ADD[one],
        }
        for one in ListKind
    ]
    return page(request, "chart/lists.html", {"lists": shown, "patient": people.get(patient)})


def add_entry(request: ClinicRequest, patient: uuid.UUID, kind: str) -> HttpResponse:
    """Add one more to a list; “none” is an answer and no entry."""
    which = _kind(kind)
    typed = read(_form(request, which, sent=kind))
    if rules.says_none(typed["text"]):
        actions.answer_list(patient, kind=which, answer=Answer.NO, by=request.actor, at=request.at)
        messages.success(request, _("Written down as an answer: asked, and there is none."))
        return redirect("chart:lists", patient=patient)
    code = Code("icd10cm", typed["icd10"]) if typed.get("icd10") else None
    actions.add_entry(
        patient,
        kind=which,
        text=typed["text"],
        code=code,
        known_code=code is not None,
        dose_text=typed.get("dose_text", ""),
        reaction=typed.get("reaction", ""),
        by=request.actor,
        at=request.at,
    )
    return redirect("chart:lists", patient=patient)


def answer_list(request: ClinicRequest, patient: uuid.UUID, kind: str) -> HttpResponse:
    """Write down that a list was asked for and is empty."""
    actions.answer_list(patient, kind=_kind(kind), answer=Answer.NO, by=request.actor, at=request.at)
    return redirect("chart:lists", patient=patient)


def void_entry(request: ClinicRequest, entry: uuid.UUID) -> HttpResponse:
    """Why an entry goes out of use."""
    entry_row = Entry.objects.select_related("patient").get(id=entry)
    form = bound(request, "void_entry", VoidForm)
    context = {"form": form, "entry": entry_row, "patient": entry_row.patient, "at": "chart:void_entry"}
    return page(request, "chart/void.html", context)


def take_entry_out(request: ClinicRequest, entry: uuid.UUID) -> HttpResponse:
    """Take an entry out of use."""
    why = read(bound(request, "void_entry", VoidForm))["why"]
    actions.void_entry(entry, why=why, by=request.actor, at=request.at)
    return redirect("chart:lists", patient=Entry.objects.get(id=entry).patient_id)


def void_result(request: ClinicRequest, result: uuid.UUID) -> HttpResponse:
    """Why a measured value goes out of use."""
    result_row = Result.objects.select_related("patient").get(id=result)
    form = bound(request, "void_result", VoidForm)
    shown = {"form": form, "entry": result_row, "patient": result_row.patient}
    context = {**shown, "at": "chart:void_result", "is_result": True}
    return page(request, "chart/void.html", context)


def take_result_out(request: ClinicRequest, result: uuid.UUID) -> HttpResponse:
    """Take a measured value out of use."""
    why = read(bound(request, "void_result", VoidForm))["why"]
    actions.void_result(result, why=why, by=request.actor, at=request.at)
    return redirect("chart:measure", patient=Result.objects.get(id=result).patient_id)


def measure(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Weight, height and pressure: what was measured, and writing down what is taken now."""
    context = {
        "form": bound(request, "measure", MeasurementForm, imperial=request.clinic.imperial),
        "patient": people.get(patient),
        "rows": paged(request, queries.measured(patient), size=30),
    }
    return page(request, "chart/measure.html", context)


def add_measurements(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Write down weight, height and pressure, taken now."""
    form = bound(request, "measure", MeasurementForm, imperial=request.clinic.imperial)
    _save_measurements(request, patient, read(form))
    return redirect(links.to("record", patient=patient))


def _save_measurements(request: ClinicRequest, patient: uuid.UUID, typed: dict[str, Any]) -> None:
    values: dict[str, tuple[str, Decimal | None]] = {
        rules.WEIGHT: ("Body weight", typed["weight_kg"]),
        rules.HEIGHT: ("Body height", typed["height_cm"]),
        rules.SYSTOLIC: ("Systolic pressure", typed["systolic"]),
        rules.DIASTOLIC: ("Diastolic pressure", typed["diastolic"]),
    }
    given = {code: (name, value) for code, (name, value) in values.items() if value is not None}
    refuse_if(rules.objections_to_measurements({code: value for code, (_, value) in values.items()}))
    for code, (name, value) in given.items():
        actions.add_result(
            patient,
            code=Code("loinc", code, name),
            value=value,
            unit=_UNITS[code],
            measured_at=request.at,
            confirmed=typed["confirmed"],
            by=request.actor,
            at=request.at,
        )
