"""The screening page: facts in, findings out, a decision signed."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openkap.accounts.routes import ClinicRequest
from openkap.chart import queries as chart
from openkap.people import queries as people
from openkap.protocols import queries as protocols
from openkap.protocols.models import PackVersion
from openkap.screening import actions, queries, rules
from openkap.screening.facts import Facts
from openkap.screening.forms import AnswersForm, DecideForm, SecondForm
from openkap.ui.pages import page, submitted


def _version(request: ClinicRequest) -> PackVersion | None:
    """The protocol that was chosen, or the only one."""
    known = protocols.newest()
    wanted = request.GET.get("pack", "")
    return next((it for it in known if str(it.id) == wanted), known[0] if known else None)


def screening(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Ask, see what is found, decide."""
    person, version = people.get(patient), _version(request)
    if version is None:
        return page(request, "screening/no_protocol.html", {"patient": person})
    pack, facts = protocols.pack_of(version), queries.facts_of(person, at=request.at)
    which, here = (
        request.POST.get("form", ""),
        f"{reverse('screening:screening', args=[patient])}?pack={version.id}",
    )
    questions = rules.asked_of(pack, facts)
    answers = AnswersForm(
        request.POST if which == "answers" else None, questions=questions, known=rules.answered(pack, facts)
    )
    decide = DecideForm(request.POST if which == "decide" else None)
    if which == "answers" and submitted(request, answers):
        old = frozenset(question.name for question in questions if not facts.is_fresh(question))
        actions.answer(
            patient, pack=pack, answers=answers.given(), again=old, by=request.actor, at=request.at
        )
        return redirect(f"{here}#findings")
    if which == "decide" and submitted(request, decide):
        actions.decide(
            patient, pack_version_id=version.id, **decide.cleaned_data, by=request.actor, at=request.at
        )
        return redirect(f"{here}#decided")
    context = {
        "patient": person,
        "version": version,
        "versions": protocols.newest(),
        "pack": pack,
        "facts": facts,
        "found": rules.assess(facts, pack=pack, signed=protocols.signed_rows(version)),
        "questions": _rows(answers, patient, facts, questions),
        "decide": decide,
        "decisions": queries.decisions(patient),
    }
    return page(request, "screening/screening.html", context)


def _rows(form: AnswersForm, patient: uuid.UUID, facts: Facts, questions: list[Any]) -> list[dict[str, Any]]:
    known = chart.facts(patient)
    return [
        {
            "field": form[question.name],
            "fact": known.get(question.name),
            "expired": facts.expires(question) is not None and not facts.is_fresh(question),
            "days": question.days_valid,
        }
        for question in questions
    ]


def second(request: ClinicRequest, decision: uuid.UUID) -> HttpResponse:
    """Another prescriber reads a decision against a finding, and agrees."""
    row = queries.one(decision)
    if row is None:
        raise Http404
    form = SecondForm(request.POST or None)
    if submitted(request, form):
        actions.second(decision, typed_name=form.cleaned_data["typed_name"], by=request.actor, at=request.at)
        return redirect("screening:screening", patient=row.patient_id)
    context = {
        "form": form,
        "decision": row,
        "findings": queries.kept_findings(row),
        "patient": row.patient,
    }
    return page(request, "screening/second.html", context)
