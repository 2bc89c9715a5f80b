"""The pages of the chart's own lists and measurements."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from openkap.accounts.routes import ClinicRequest
from openkap.chart import actions, queries, rules
from openkap.chart.forms import EntryForm, MeasurementForm, VoidForm
from openkap.chart.models import Entry, Kind, Result
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.refusal import Objection, refuse_if
from openkap.people import queries as people
from openkap.ui.pages import page, paged, refusal_of, submitted

_UNITS = {rules.WEIGHT: "kg", rules.HEIGHT: "cm", rules.SYSTOLIC: "mm[Hg]", rules.DIASTOLIC: "mm[Hg]"}


def lists(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Problems, medicines and allergies, and adding one more."""
    form = EntryForm(request.POST or None)
    if submitted(request, form):
        typed = form.cleaned_data
        if rules.says_none(typed["text"]):
            actions.answer_list(
                patient, kind=typed["kind"], answer=Answer.NO, by=request.actor, at=request.at
            )
            messages.success(request, "Written down as an answer: asked, and there is none.")
            return redirect("chart:lists", patient=patient)
        code = Code("icd10cm", typed["icd10"]) if typed["icd10"] and typed["kind"] == Kind.PROBLEM else None
        actions.add_entry(
            patient,
            kind=typed["kind"],
            text=typed["text"],
            code=code,
            known_code=code is not None,
            dose_text=typed["dose_text"],
            reaction=typed["reaction"],
            by=request.actor,
            at=request.at,
        )
        return redirect("chart:lists", patient=patient)
    return _lists(request, patient, form)


def _lists(request: ClinicRequest, patient: uuid.UUID, form: EntryForm) -> HttpResponse:
    shown = [
        (kind, queries.list_answer(patient, kind=kind), queries.entries(patient, kind=kind, with_voided=True))
        for kind in Kind
    ]
    return page(request, "chart/lists.html", {"form": form, "lists": shown, "patient": people.get(patient)})


def answer_list(request: ClinicRequest, patient: uuid.UUID, kind: str) -> HttpResponse:
    """Write down that a list was asked for and is empty."""
    if kind not in Kind.values:
        raise Http404
    if refusal_of(request) is None:
        actions.answer_list(patient, kind=kind, answer=Answer.NO, by=request.actor, at=request.at)
        return redirect("chart:lists", patient=patient)
    return _lists(request, patient, EntryForm(None))


def void_entry(request: ClinicRequest, entry: uuid.UUID) -> HttpResponse:
    """Take an entry out of use."""
    row = Entry.objects.select_related("patient").get(id=entry)
    form = VoidForm(request.POST or None)
    if submitted(request, form):
        actions.void_entry(entry, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("chart:lists", patient=row.patient_id)
    return page(request, "chart/void.html", {"form": form, "entry": row, "patient": row.patient})


def void_result(request: ClinicRequest, result: uuid.UUID) -> HttpResponse:
    """Take a measured value out of use."""
    row = Result.objects.select_related("patient").get(id=result)
    form = VoidForm(request.POST or None)
    if submitted(request, form):
        actions.void_result(result, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return redirect("chart:measure", patient=row.patient_id)
    context = {"form": form, "entry": row, "patient": row.patient, "is_result": True}
    return page(request, "chart/void.html", context)


def measure(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Write down weight, height and pressure, taken now."""
    form = MeasurementForm(request.POST or None)
    if submitted(request, form):
        _save_measurements(request, patient, form)
        return redirect("desk:chart", patient=patient)
    context = {
        "form": form,
        "patient": people.get(patient),
        "rows": paged(request, queries.measured(patient), size=30),
    }
    return page(request, "chart/measure.html", context)


def _save_measurements(request: ClinicRequest, patient: uuid.UUID, form: MeasurementForm) -> None:
    typed = form.cleaned_data
    values: dict[str, tuple[str, Decimal | None]] = {
        rules.WEIGHT: ("Body weight", typed["weight_kg"]),
        rules.HEIGHT: ("Body height", typed["height_cm"]),
        rules.SYSTOLIC: ("Systolic pressure", typed["systolic"]),
        rules.DIASTOLIC: ("Diastolic pressure", typed["diastolic"]),
    }
    given = {code: (name, value) for code, (name, value) in values.items() if value is not None}
    found = [] if given else [Objection("nothing", "Nothing was typed.")]
    systolic, diastolic = typed["systolic"], typed["diastolic"]
    if (systolic is None) != (diastolic is None):
        found.append(Objection("pressure", "A blood pressure has two numbers.", "diastolic"))
    elif systolic is not None:
        found += rules.objections_to_pressure(systolic, diastolic)
    refuse_if(found)
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
